#include "scanner/coordinator/network/face.h"

/* Moves on to the period of `now_ms`. */
static void
turn(struct face *face, int64_t now_ms)
{
	int64_t passed = now_ms - face->period_ms;

	if (passed < FACE_PERIOD_MS)
		return;
	face->good[1] = passed < 2 * FACE_PERIOD_MS ? face->good[0] : 0;
	face->bad[1] = passed < 2 * FACE_PERIOD_MS ? face->bad[0] : 0;
	face->good[0] = face->bad[0] = 0;
	face->period_ms = now_ms;
}

void
face_note(struct face *face, uint64_t good, uint64_t bad, int64_t now_ms)
{
	turn(face, now_ms);
	face->good[0] += good;
	face->bad[0] += bad;
	if (good > 0)
		face->good_ms = now_ms;
}

bool
face_is_suspect(struct face *face, int64_t now_ms)
{
	uint64_t bad, good;

	turn(face, now_ms);
	bad = face->bad[0] + face->bad[1];
	good = face->good[0] + face->good[1];
	return bad > 0 && bad >= good && now_ms >= face->cleared_until_ms;
}

bool
face_has_stalled(struct face *face, int64_t now_ms)
{
	turn(face, now_ms);
	return face->bad[0] + face->bad[1] > 0 &&
	    now_ms - face->good_ms >= FACE_QUIET_MS &&
	    now_ms >= face->cleared_until_ms;
}

void
face_clear(struct face *face, int64_t now_ms)
{
	*face = (struct face){
		.period_ms = now_ms,
		.cleared_until_ms = now_ms + FACE_CLEARED_MS,
	};
}
