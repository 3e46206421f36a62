#include "scanner/worker/probe/session.h"

#include <stdlib.h>

void
session_free(struct session *session)
{
	if (session == NULL)
		return;
	chain_fini(&session->chain);
	free(session);
}

bool
session_wants_legacy(const struct session *session)
{
	const struct smtp *smtp = &session->smtp;

	if (session->profile != PROFILE_MODERN)
		return false;
	return smtp->outcome == OUTCOME_HANDSHAKE_FAILED ||
	    (smtp->phase == PHASE_HANDSHAKE && (smtp->outcome ==
	    OUTCOME_CLOSED || smtp->outcome == OUTCOME_RESET));
}
