#include "scanner/commands/check/advice.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/log.h"
#include "scanner/base/memory.h"

void
check_lines_add(struct check_lines *lines, const char *format, ...)
{
	va_list arguments;
	char *line;
	int length;

	va_start(arguments, format);
	length = vasprintf(&line, format, arguments);
	va_end(arguments);
	if (length < 0)
		abort();
	for (size_t i = 0; i < lines->count; i++)
		if (strcmp(lines->items[i], line) == 0) {
			free(line);
			return;
		}
	lines->items = xreallocarray(lines->items, lines->count + 1,
	    sizeof *lines->items);
	lines->items[lines->count++] = line;
}

void
check_lines_fini(struct check_lines *lines)
{
	for (size_t i = 0; i < lines->count; i++)
		free(lines->items[i]);
	free(lines->items);
	*lines = (struct check_lines){ 0 };
}

void
check_advice_say(struct check_advice *advice, const char *format, ...)
{
	va_list arguments;
	char *sentence, *whole;

	va_start(arguments, format);
	if (vasprintf(&sentence, format, arguments) < 0)
		abort();
	va_end(arguments);
	whole = xasprintf("%s %s", advice->text, sentence);
	free(sentence);
	free(advice->text);
	advice->text = whole;
}

static bool
is_same_lines(const struct check_lines *a, const struct check_lines *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (strcmp(a->items[i], b->items[i]) != 0)
			return false;
	return true;
}

static void
fini(struct check_advice *advice)
{
	check_lines_fini(&advice->addresses);
	check_lines_fini(&advice->publish);
	check_lines_fini(&advice->remove);
	buffer_fini(&advice->policy);
	free(advice->replace.owner);
	free(advice->ask);
	free(advice->compare);
	free(advice->text);
}

/* The sentence ************************************************************ */

static void
put_word(const struct check_case *here, const struct check_rule *rule,
    const char *word, size_t length, struct buffer *text)
{
	if (strncmp(word, "domain", length) == 0)
		buffer_append_text(text, here->domain->name);
	else if (strncmp(word, "host", length) == 0)
		buffer_append_text(text, here->mx->name);
	else if (strncmp(word, "target", length) == 0)
		buffer_append_text(text, here->host->canonical);
	else if (strncmp(word, "certificate", length) == 0)
		check_put_certificate(here->mx->name, text);
	else
		rule->why(here, text);
}

static char *
make_text(const struct check_case *here, const struct check_rule *rule)
{
	struct buffer text = { 0 };
	const char *at = rule->text, *brace;
	char *made;

	while ((brace = strchr(at, '{')) != NULL) {
		size_t length = strcspn(brace + 1, "}");

		buffer_append(&text, at, (size_t)(brace - at));
		put_word(here, rule, brace + 1, length, &text);
		at = brace + length + 2;
	}
	buffer_append_text(&text, at);
	made = xstrdup(buffer_text(&text));
	buffer_fini(&text);
	return made;
}

/* Rules ******************************************************************* */

/* Advice that applies to several addresses of a host is given once. */
static bool
is_said(struct check_advice_list *list, const struct check_advice *advice)
{
	for (size_t i = 0; i < list->count; i++) {
		struct check_advice *old = &list->items[i];

		if (old->id != advice->id || old->host != advice->host ||
		    strcmp(old->text, advice->text) != 0 ||
		    !is_same_lines(&old->publish, &advice->publish) ||
		    !is_same_lines(&old->remove, &advice->remove))
			continue;
		for (size_t a = 0; a < advice->addresses.count; a++)
			check_lines_add(&old->addresses, "%s",
			    advice->addresses.items[a]);
		return true;
	}
	return false;
}

static void
apply(const struct check_rule *rule, const struct check_case *here,
    struct check_advice_list *list)
{
	struct check_advice advice = {
		.id = rule->id, .urgency = rule->urgency,
		.host = here->mx != NULL ? here->mx->name : NULL,
	};

	if (!rule->holds(here))
		return;
	if (rule->is_urgent != NULL && rule->is_urgent(here))
		advice.urgency = URGENCY_NOW;
	if (here->address != NULL)
		check_lines_add(&advice.addresses, "%s", here->address->text);
	advice.text = make_text(here, rule);
	if (rule->mend != NULL)
		rule->mend(here, &advice);
	if (is_said(list, &advice)) {
		fini(&advice);
		return;
	}
	list->items = xreallocarray(list->items, list->count + 1,
	    sizeof *list->items);
	list->items[list->count++] = advice;
}

static void
apply_at_host(const struct check_rule *rule, const struct check_case *whole,
    const struct check_mx *mx, struct check_advice_list *list)
{
	struct check_case here = *whole;

	here.mx = mx;
	here.host = mx->host;
	if (rule->scope == SCOPE_MX) {
		apply(rule, &here, list);
		return;
	}
	for (here.address = mx->host != NULL ? mx->host->addresses : NULL;
	    here.address != NULL; here.address = here.address->next)
		apply(rule, &here, list);
}

static void
apply_all(const struct check_case *whole, bool is_rest,
    struct check_advice_list *list)
{
	for (size_t i = 0; i < check_rule_count; i++) {
		const struct check_rule *rule = &check_rules[i];

		if ((rule->scope == SCOPE_REST) != is_rest)
			continue;
		if (rule->scope == SCOPE_DOMAIN || is_rest) {
			apply(rule, whole, list);
			continue;
		}
		for (size_t m = 0; m < whole->domain->mx_count; m++)
			apply_at_host(rule, whole, &whole->domain->mx[m],
			    list);
	}
}

/* The sort is stable: advice of the same urgency stays in the order of the
 * rules. */
static void
sort(struct check_advice_list *list)
{
	struct check_advice *sorted = xcalloc(list->count + 1, sizeof *sorted);
	size_t count = 0;

	for (int urgency = 0; urgency < URGENCY_COUNT; urgency++)
		for (size_t i = 0; i < list->count; i++)
			if ((int)list->items[i].urgency == urgency)
				sorted[count++] = list->items[i];
	free(list->items);
	list->items = sorted;
}

static bool
has(const struct check_advice_list *list, enum check_urgency urgency)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].urgency == urgency)
			return true;
	return false;
}

void
check_advise(const struct check_domain *domain, int64_t now_ms, unsigned port,
    struct check_advice_list *list)
{
	struct check_case whole = {
		.domain = domain, .now_ms = now_ms, .port = port,
	};

	*list = (struct check_advice_list){ 0 };
	apply_all(&whole, false, list);
	whole.has_fault = has(list, URGENCY_NOW) || has(list, URGENCY_MEND);
	whole.has_doubt = has(list, URGENCY_LATER);
	apply_all(&whole, true, list);
	sort(list);
}

void
check_advice_fini(struct check_advice_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		fini(&list->items[i]);
	free(list->items);
	*list = (struct check_advice_list){ 0 };
}

int
check_advice_status(const struct check_advice_list *list)
{
	if (has(list, URGENCY_NOW) || has(list, URGENCY_MEND))
		return EXIT_MEND;
	return has(list, URGENCY_LATER) ? EXIT_STOPPED : EXIT_COMPLETE;
}

const char *
check_urgency_text(enum check_urgency urgency)
{
	static const char *const texts[] = {
		[URGENCY_NOW] = "now", [URGENCY_MEND] = "mend",
		[URGENCY_LATER] = "later", [URGENCY_SUGGESTION] = "suggestion",
	};

	return texts[urgency];
}
