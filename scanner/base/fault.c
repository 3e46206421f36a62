#include "scanner/base/fault.h"

#include <assert.h>
#include <errno.h>
#include <stddef.h>

#define COUNT(array)	(sizeof (array) / sizeof (array)[0])
#define ERRORS_MAX	10

/* From where, as bits. */
#define CALL		(1u << ERROR_OF_CALL)
#define BIND		(1u << ERROR_OF_BIND)
#define HERE		(1u << ERROR_FROM_HERE)
#define ELSEWHERE	(1u << ERROR_FROM_ELSEWHERE)
#define ANYWHERE	(CALL | BIND | HERE | ELSEWHERE)

/* When, as bits. */
#define CONNECTING	1u
#define ESTABLISHED	2u
#define ANY_TIME	(CONNECTING | ESTABLISHED)

/* The errors that the kernel makes of ICMP messages (RFC 792, RFC 4443). */
#define UNREACHABLE							\
	EHOSTUNREACH, ENETUNREACH, EHOSTDOWN, ENONET, ENOPROTOOPT,	\
	EOPNOTSUPP, EPROTO, EACCES

/* The table of RULES 12, row by row: the first row that fits counts. */
static const struct error_row {
	int		 errors[ERRORS_MAX];	/* none: any other */
	unsigned	 from, when;
	enum blame	 blame;
	enum remedy	 remedy;
} error_rows[] = {
	/* F1 */
	{ { EADDRNOTAVAIL }, BIND, ANY_TIME, BLAME_OURS, REMEDY_BACK },
	/* F2 */
	{ { EMFILE, ENFILE, ENOBUFS, ENOMEM }, ANYWHERE, ANY_TIME,
	  BLAME_OURS, REMEDY_FEWER },
	/* F3 */
	{ { EADDRNOTAVAIL, EADDRINUSE, EAGAIN }, CALL | BIND, ANY_TIME,
	  BLAME_OURS, REMEDY_FEWER },
	/* F4 */
	{ { ETIMEDOUT }, ANYWHERE, ANY_TIME, BLAME_SUSPECTED, REMEDY_NONE },
	/* F5 */
	{ { ECONNRESET, EPIPE }, ANYWHERE, ESTABLISHED, BLAME_THEIRS,
	  REMEDY_NONE },
	/* F6 */
	{ { ECONNREFUSED, ECONNRESET, EPIPE }, CALL | ELSEWHERE, CONNECTING,
	  BLAME_SUSPECTED, REMEDY_NONE },
	/* F7 */
	{ { UNREACHABLE }, ELSEWHERE, CONNECTING, BLAME_SUSPECTED,
	  REMEDY_NONE },
	/* F8 */
	{ { ECONNREFUSED, UNREACHABLE }, HERE | ELSEWHERE, ESTABLISHED,
	  BLAME_SUSPECTED, REMEDY_NONE },
	/* F9 */
	{ { EPERM, EACCES, ENETUNREACH, EHOSTUNREACH, ENETDOWN, EHOSTDOWN,
	  EINVAL }, CALL | BIND, ANY_TIME, BLAME_OURS, REMEDY_BACK },
	/* F10 */
	{ { ECONNREFUSED, UNREACHABLE }, HERE, CONNECTING, BLAME_OURS,
	  REMEDY_BACK },
	/* F11 */
	{ { 0 }, CALL | BIND | HERE, ANY_TIME, BLAME_OURS, REMEDY_BACK },
	/* F12 */
	{ { 0 }, ELSEWHERE, ANY_TIME, BLAME_SUSPECTED, REMEDY_NONE },
};

/* Judges an outcome that has no errno. F16 is an exception. */
static const struct fault outcome_faults[OUTCOME_COUNT] = {
	/* F13 */
	[OUTCOME_TLS_ESTABLISHED] = { .blame = BLAME_NOBODY },
	[OUTCOME_STARTTLS_ABSENT] = { .blame = BLAME_NOBODY },
	[OUTCOME_STARTTLS_STRIPPED] = { .blame = BLAME_NOBODY },
	[OUTCOME_STARTTLS_REFUSED] = { .blame = BLAME_NOBODY },
	/* F14 */
	[OUTCOME_SPECIAL_ADDRESS] = { .blame = BLAME_NOBODY },
	[OUTCOME_OPTED_OUT] = { .blame = BLAME_NOBODY },
	[OUTCOME_NOT_ALLOWED] = { .blame = BLAME_NOBODY },
	[OUTCOME_PACED_OUT] = { .blame = BLAME_NOBODY },
	/* F15 */
	[OUTCOME_STARTTLS_TEMPORARY] = { .blame = BLAME_THEIRS },
	[OUTCOME_REJECTED] = { .blame = BLAME_THEIRS },
	[OUTCOME_TEMPORARY_REJECT] = { .blame = BLAME_THEIRS },
	[OUTCOME_PROTOCOL_ERROR] = { .blame = BLAME_THEIRS },
	[OUTCOME_PLAINTEXT_INJECTED] = { .blame = BLAME_THEIRS },
	[OUTCOME_HANDSHAKE_FAILED] = { .blame = BLAME_THEIRS },
	[OUTCOME_HANDSHAKE_TOO_LARGE] = { .blame = BLAME_THEIRS },
	[OUTCOME_CLOSED] = { .blame = BLAME_THEIRS },
	/* F17 */
	[OUTCOME_RESET] = { .blame = BLAME_THEIRS },
	/* F18 */
	[OUTCOME_CONNECT_REFUSED] = { .blame = BLAME_SUSPECTED },
	[OUTCOME_CONNECT_TIMEOUT] = { .blame = BLAME_SUSPECTED },
	[OUTCOME_UNREACHABLE] = { .blame = BLAME_SUSPECTED },
	[OUTCOME_TIMEOUT] = { .blame = BLAME_SUSPECTED },
	/* F19 */
	[OUTCOME_LOCAL_ERROR] = {
		.blame = BLAME_OURS, .remedy = REMEDY_BACK,
	},
	/* F20 */
	[OUTCOME_WORKER_CRASHED] = { .blame = BLAME_NOBODY },
};

static const enum blame lookup_blames[LOOKUP_STATUS_COUNT] = {
	/* F21 */
	[LOOKUP_FOUND] = BLAME_NOBODY,
	[LOOKUP_NODATA] = BLAME_NOBODY,
	[LOOKUP_NXDOMAIN] = BLAME_NOBODY,
	/* F22 */
	[LOOKUP_SERVFAIL] = BLAME_SUSPECTED,
	[LOOKUP_TIMEOUT] = BLAME_SUSPECTED,
	[LOOKUP_BOGUS] = BLAME_SUSPECTED,
};

static bool
row_fits(const struct error_row *row, int error, unsigned from, unsigned when)
{
	if ((row->from & from) == 0 || (row->when & when) == 0)
		return false;
	if (row->errors[0] == 0)
		return true;
	for (size_t i = 0; i < ERRORS_MAX && row->errors[i] != 0; i++)
		if (row->errors[i] == error)
			return true;
	return false;
}

struct fault
fault_of_error(int error, enum error_origin origin, bool connected)
{
	const struct error_row *row = error_rows;
	unsigned when = connected ? ESTABLISHED : CONNECTING;

	assert(error > 0);
	while (!row_fits(row, error, 1u << origin, when)) {
		row++;
		assert(row < error_rows + COUNT(error_rows));
	}
	return (struct fault){
		.blame = row->blame, .remedy = row->remedy, .error = error,
	};
}

struct fault
fault_of_lookup(enum lookup_status status)
{
	assert(status < LOOKUP_STATUS_COUNT);
	return (struct fault){ .blame = lookup_blames[status] };
}

struct fault
fault_of_outcome(enum outcome outcome, enum phase phase)
{
	assert(outcome < OUTCOME_COUNT);
	/* F16 */
	if (outcome == OUTCOME_RESET && phase == PHASE_CONNECT)
		return (struct fault){ .blame = BLAME_SUSPECTED };
	return outcome_faults[outcome];
}

struct fault
fault_worse(struct fault one, struct fault other)
{
	if (one.blame != other.blame)
		return one.blame > other.blame ? one : other;
	if (one.remedy != other.remedy)
		return one.remedy > other.remedy ? one : other;
	return one.error != 0 ? one : other;
}
