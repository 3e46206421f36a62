/* fakens_rule: applies a server's rules to a question. */
#include "fakens.h"

const char *const action_names[ACTION_COUNT] = {
	[DO_DROP] = "drop", [DO_SERVFAIL] = "servfail",
	[DO_REFUSED] = "refused", [DO_NOTIMP] = "notimp",
	[DO_FORMERR] = "formerr", [DO_NXDOMAIN] = "nxdomain",
	[DO_REFERRAL] = "referral", [DO_TRUNCATE] = "truncate",
	[DO_LOSE] = "lose", [DO_DELAY] = "delay",
	[DO_STRIP_RRSIG] = "strip_rrsig", [DO_WRONG_ID] = "wrong_id",
	[DO_WRONG_QUESTION] = "wrong_question",
	[DO_DROP_FIRST] = "drop_first", [DO_STRIP_FIRST] = "strip_first",
	[DO_DROP_AFTER] = "drop_after", [DO_STRIP_EARLY] = "strip_early",
	[DO_PREFER_CAPITAL] = "prefer_capital", [DO_PREFER_ODD] = "prefer_odd",
	[DO_ANSWER] = "answer", [DO_ANSWER_EDNS] = "answer_edns",
	[DO_WRONG_IDS] = "wrong_ids", [DO_LOWER] = "lower",
};

static bool
rule_matches(const struct rule *rule, const struct query *query,
    enum transport transport)
{
	if (!rule->over[transport] ||
	    (rule->type != 0 && rule->type != query->type) ||
	    (rule->action == DO_TRUNCATE && transport != UDP) ||
	    (rule->action == DO_ANSWER_EDNS && !query->has_edns))
		return false;
	return rule->is_below ? name_is_below(&query->name, &rule->name)
	    : name_equal(&query->name, &rule->name);
}

/* Has no pause come yet? */
static bool
is_early(struct rule *rule)
{
	ev_tstamp now = ev_time();

	if (rule->latest > 0 && now - rule->latest >=
	    (double)rule->number / 1000)
		rule->has_paused = true;
	rule->latest = now;
	return !rule->has_paused;
}

/* Is the question one of those that the rule drops? */
static bool
drops(struct rule *rule)
{
	switch (rule->action) {
	case DO_LOSE:
		return ++rule->seen % rule->number == 0;
	case DO_DROP_FIRST:
		return ++rule->seen <= rule->number;
	case DO_DROP_AFTER:
		return ++rule->seen > rule->number;
	default:
		return false;
	}
}

struct outcome
rules_apply(struct server *server, const struct query *query,
    enum transport transport)
{
	struct outcome outcome = { .decided = DO_RELAY, .preference = -1 };

	for (struct rule *rule = server->rules; rule != NULL;
	    rule = rule->next) {
		if (!rule_matches(rule, query, transport))
			continue;
		if (drops(rule)) {
			outcome.decided = DO_DROP;
			return outcome;
		}
		switch (rule->action) {
		case DO_LOSE:
		case DO_DROP_FIRST:
		case DO_DROP_AFTER:
			break;
		case DO_STRIP_FIRST:
			if (++rule->seen <= rule->number)
				outcome.strips_rrsig = true;
			break;
		case DO_STRIP_EARLY:
			outcome.strips_rrsig = outcome.strips_rrsig ||
			    is_early(rule);
			break;
		case DO_DELAY:
			outcome.delay_ms += rule->number;
			break;
		case DO_STRIP_RRSIG:
			outcome.strips_rrsig = true;
			break;
		case DO_PREFER_CAPITAL:
			if (query->has_capital)
				outcome.preference = (long)rule->number;
			break;
		case DO_PREFER_ODD:
			if (++rule->seen % 2 == 1)
				outcome.preference = (long)rule->number;
			break;
		case DO_WRONG_ID:
			outcome.has_wrong_id = true;
			break;
		case DO_WRONG_IDS:
			outcome.wrong_ids = rule->number;
			break;
		case DO_LOWER:
			outcome.is_lower = true;
			break;
		case DO_WRONG_QUESTION:
			outcome.has_wrong_question = true;
			break;
		default:
			outcome.decided = rule->action;
			outcome.rule = rule;
			return outcome;
		}
	}
	return outcome;
}

/* A token bucket with the capacity of one second. */
bool
server_may_answer(struct server *server)
{
	ev_tstamp now = ev_time();

	if (server->rate == 0)
		return true;
	if (now > server->filled)
		server->tokens += (now - server->filled) * (double)server->rate;
	server->filled = now;
	if (server->tokens > (double)server->rate)
		server->tokens = (double)server->rate;
	if (server->tokens < 1)
		return false;
	server->tokens -= 1;
	return true;
}
