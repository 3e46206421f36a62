#include "scanner/input/layout.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "parsers/csv.h"
#include "parsers/listed_name.h"

/* The layout is found from this many records (I16). */
#define RECORDS		100
#define COLUMNS		64	/* a name farther right is not found */
#define COUNT(array)	(sizeof (array) / sizeof (array)[0])

/* The better word comes first. Majestic has GlobalRank, TldRank, Domain. */
static const char *const name_words[] = {
	"domain", "domain_name", "domain name", "domainname", "fqdn",
	"hostname", "name", "host",
};
static const char *const rank_words[] = { "globalrank", "rank" };
enum title { TITLE_NAME, TITLE_RANK, TITLES };
static const struct {
	const char *const	*words;
	size_t			 count;
} titles[TITLES] = {
	[TITLE_NAME] = { name_words, COUNT(name_words) },
	[TITLE_RANK] = { rank_words, COUNT(rank_words) },
};
/* The others, `name` and `host`, can be titles of something else, and are also
 * top-level domains. */
#define STRONG_WORDS	6

/* What the records after the first have in this column. */
struct column {
	size_t	names;		/* host names */
	size_t	dotted;		/* of these, with two labels or more */
	size_t	numbers;
	bool	is_filled;	/* in any record */
	/* In the first record. */
	bool	begins_name, begins_dotted, begins_number, begins_like_title;
	/* Positions in the list of titles, or the length of that list. */
	size_t	words[TITLES];
};

struct sample {
	size_t		records;
	size_t		count;		/* fields of the first record */
	bool		is_even;	/* all records have that many */
	struct column	columns[COLUMNS];
};

static const char separators[] = { ',', ';', '\t' };

/* Fields ****************************************************************** */

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

const char *
layout_trim(const char *text, size_t *length)
{
	while (*length > 0 && is_blank(text[0])) {
		text++;
		--*length;
	}
	while (*length > 0 && is_blank(text[*length - 1]))
		--*length;
	return text;
}

static size_t
find_word(const char *const *words, size_t count, const char *text,
    size_t length)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(words[i]) == length &&
		    strncasecmp(words[i], text, length) == 0)
			return i;
	return count;
}

static bool
is_number(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (text[i] < '0' || text[i] > '9')
			return false;
	return length > 0;
}

/* Can it be the title of a column? A text with a dot, a colon, a slash or an @
 * is more likely a name, an address, a URL or a mailbox. */
static bool
is_like_title(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (text[i] == '\0' || strchr(".:/@*", text[i]) != NULL)
			return false;
	return length > 0 && !is_number(text, length);
}

static void
take_field(struct column *column, const struct csv_field *field,
    bool is_first)
{
	size_t length = field->length;
	const char *text = layout_trim(field->text, &length);
	struct listed_name listed;
	bool is_dotted;

	column->is_filled = column->is_filled || length > 0;
	listed_name_read(text, length, &listed);
	is_dotted = listed.is_name && name_labels(listed.wire) >= 2;
	if (is_first) {
		column->begins_name = listed.is_name;
		column->begins_dotted = is_dotted;
		column->begins_number = is_number(text, length);
		column->begins_like_title = is_like_title(text, length);
		for (int i = 0; i < TITLES; i++)
			column->words[i] = find_word(titles[i].words,
			    titles[i].count, text, length);
		return;
	}
	column->names += listed.is_name;
	column->dotted += is_dotted;
	column->numbers += is_number(text, length);
}

/* Samples ***************************************************************** */

size_t
layout_skip_comments(const char *bytes, size_t length, size_t *lines)
{
	size_t at = 0;

	while (at < length) {
		size_t blank = at;
		const char *newline;

		while (blank < length && is_blank(bytes[blank]))
			blank++;
		newline = memchr(bytes + at, '\n', length - at);
		if (newline == NULL || (bytes[blank] != '#' &&
		    bytes[blank] != '\n'))
			break;
		at = (size_t)(newline - bytes) + 1;
		++*lines;
	}
	return at;
}

static void
take_record(struct sample *sample, const struct csv *csv)
{
	size_t count;
	const struct csv_field *fields = csv_fields(csv, &count);

	/* An empty line, or a comment. */
	if (count == 1 && (fields[0].length == 0 || fields[0].text[0] == '#'))
		return;
	if (sample->records == 0)
		sample->count = count;
	sample->is_even = sample->is_even && sample->count == count;
	for (size_t i = 0; i < count && i < sample->count && i < COLUMNS; i++)
		take_field(&sample->columns[i], &fields[i],
		    sample->records == 0);
	sample->records++;
}

static void
take_sample(const char *bytes, size_t length, bool is_whole, char separator,
    struct sample *sample)
{
	struct csv *csv = csv_new(LAYOUT_RECORD_MAX);
	size_t lines = 0, taken, skipped = layout_skip_comments(bytes, length,
	    &lines);

	*sample = (struct sample){ .is_even = true };
	csv_separate(csv, separator);
	bytes += skipped;
	length -= skipped;
	while (length > 0 && sample->records < RECORDS) {
		enum csv_status status = csv_push(csv, bytes, length, &taken);

		if (status == CSV_RECORD)
			take_record(sample, csv);
		else if (status == CSV_ERROR)
			sample->is_even = false;
		bytes += taken;
		length -= taken;
	}
	/* The last record may continue after these bytes. */
	if (length == 0 && (is_whole || sample->records == 0) &&
	    csv_finish(csv) == CSV_RECORD && sample->records < RECORDS)
		take_record(sample, csv);
	csv_free(csv);
}

static size_t
columns_of(const struct sample *sample)
{
	return sample->count < COLUMNS ? sample->count : COLUMNS;
}

/* Returns the first column that has host names with at least two labels in at
 * least half of the records. The first record may be a header. */
static size_t
find_dotted(const struct sample *sample)
{
	for (size_t i = 0; i < columns_of(sample); i++) {
		const struct column *column = &sample->columns[i];
		size_t dotted = column->dotted + column->begins_dotted;

		if (dotted > 0 && dotted * 2 >= sample->records)
			return i;
	}
	return LAYOUT_NO_COLUMN;
}

/* Single words are host names, too. A column of them counts only if no record
 * has a longer name, and if there is no exception. */
static size_t
find_words(const struct sample *sample)
{
	for (size_t i = 0; i < columns_of(sample); i++)
		if (sample->columns[i].dotted > 0 ||
		    sample->columns[i].begins_dotted)
			return LAYOUT_NO_COLUMN;
	for (size_t i = 0; i < columns_of(sample); i++)
		if (sample->columns[i].names + 1 == sample->records &&
		    sample->columns[i].begins_name)
			return i;
	return LAYOUT_NO_COLUMN;
}

/* Layouts ***************************************************************** */

/* Returns the column with the best title; LAYOUT_NO_COLUMN if there is none. */
static size_t
find_title(const struct sample *sample, enum title title)
{
	size_t best = titles[title].count, found = LAYOUT_NO_COLUMN;

	for (size_t i = 0; i < columns_of(sample); i++)
		if (sample->columns[i].words[title] < best) {
			best = sample->columns[i].words[title];
			found = i;
		}
	return found;
}

/* Does the first line have the title of a column of names, but no name? */
static bool
find_by_title(const struct sample *sample, struct layout *layout)
{
	size_t title = find_title(sample, TITLE_NAME), dotted = find_dotted(sample);
	bool is_weak;

	for (size_t i = 0; i < columns_of(sample); i++)
		if (sample->columns[i].begins_dotted)
			return false;
	if (title == LAYOUT_NO_COLUMN)
		return false;
	is_weak = sample->columns[title].words[TITLE_NAME] >= STRONG_WORDS;
	if (is_weak && sample->count == 1)
		return false;
	/* A firm has a name, too. */
	if (is_weak && sample->columns[title].dotted * 2 <
	    sample->records - 1 && dotted != LAYOUT_NO_COLUMN)
		title = dotted;
	layout->name_column = title;
	layout->rank_column = find_title(sample, TITLE_RANK);
	layout->has_header = true;
	return true;
}

/* Do all records have the same number of fields, and is one column of names? A
 * single record, or a column that is always empty, would say too little: it may
 * be a name with a comma after it. */
static bool
find_by_content(const struct sample *sample, struct layout *layout)
{
	const struct column *names, *first = &sample->columns[0];
	size_t filled = 0;

	for (size_t i = 0; i < columns_of(sample); i++)
		filled += sample->columns[i].is_filled;
	if (!sample->is_even || sample->records < 2 || filled < 2)
		return false;
	layout->name_column = find_dotted(sample);
	if (layout->name_column == LAYOUT_NO_COLUMN)
		layout->name_column = find_words(sample);
	if (layout->name_column == LAYOUT_NO_COLUMN)
		return false;
	names = &sample->columns[layout->name_column];
	layout->has_header = names->dotted > 0 && names->begins_like_title;
	layout->rank_column = find_title(sample, TITLE_RANK);
	if (!layout->has_header)
		layout->rank_column = layout->name_column > 0 &&
		    first->begins_number && first->numbers ==
		    sample->records - 1 ? 0 : LAYOUT_NO_COLUMN;
	return true;
}

bool
layout_find(const char *bytes, size_t length, bool is_whole,
    struct layout *layout)
{
	struct sample sample;

	for (size_t i = 0; i < COUNT(separators); i++) {
		layout->separator = separators[i];
		take_sample(bytes, length, is_whole, separators[i], &sample);
		if (find_by_title(&sample, layout))
			return true;
	}
	for (size_t i = 0; i < COUNT(separators); i++) {
		layout->separator = separators[i];
		take_sample(bytes, length, is_whole, separators[i], &sample);
		if (find_by_content(&sample, layout))
			return true;
	}
	return false;
}
