/*
 * fakens_book: answers that were prepared (fakens.h). Another program decides
 * their content, and makes the signatures.
 */
#include "fakens_table.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS_FIRST	1024
#define SECTIONS	3
#define RAW_MIN		8	/* flags, and the counts of three sections */

/* Records, or a whole answer. */
struct bytes {
	size_t		 length;
	uint8_t		 bytes[];
};

struct reply_text {
	struct name	 name;
	uint16_t	 type;		/* 0: any other */
	uint16_t	 flags;
	struct bytes	*raw;		/* NULL: these records */
	unsigned	 counts[SECTIONS];
	struct bytes	**records;	/* owned array, section by section */
};

static size_t
slot_of(const struct book *book, const struct name *name, uint16_t type)
{
	uint64_t hash = 0xcbf29ce484222325U;

	for (size_t i = 0; i < name->length; i++)
		hash = (hash ^ name->bytes[i]) * 0x100000001b3U;
	hash = (hash ^ type) * 0x100000001b3U;
	hash ^= hash >> 32;
	for (size_t slot = hash & (book->slots - 1);;
	    slot = (slot + 1) & (book->slots - 1)) {
		const struct reply_text *reply = book->replies[slot];

		if (reply == NULL || (reply->type == type &&
		    name_equal(&reply->name, name)))
			return slot;
	}
}

static void
book_grow(struct book *book)
{
	struct reply_text **old = book->replies;
	size_t slots = book->slots;

	book->slots = slots == 0 ? SLOTS_FIRST : 2 * slots;
	book->replies = line_allocate(book->slots, sizeof(*book->replies));
	for (size_t i = 0; i < slots; i++)
		if (old[i] != NULL)
			book->replies[slot_of(book, &old[i]->name,
			    old[i]->type)] = old[i];
	free(old);
}

static void
book_add(const struct line *line, struct book *book, struct reply_text *reply)
{
	size_t slot;

	if (2 * (book->count + 1) > book->slots)
		book_grow(book);
	slot = slot_of(book, &reply->name, reply->type);
	if (book->replies[slot] != NULL)
		line_wrong(line, "a second reply to one question");
	book->replies[slot] = reply;
	book->count++;
}

/* Reading *******************************************************************/

static uint8_t
read_digit(const struct line *line, char digit)
{
	if (digit >= '0' && digit <= '9')
		return (uint8_t)(digit - '0');
	if (digit < 'a' || digit > 'f')
		line_wrong(line, "no hexadecimal digit in lower case");
	return (uint8_t)(digit - 'a' + 10);
}

static struct bytes *
read_hex(const struct line *line, const char *hex)
{
	size_t length = strlen(hex) / 2;
	struct bytes *bytes = line_allocate(1, sizeof *bytes + length);

	if (hex[2 * length] != '\0')
		line_wrong(line, "half a byte");
	bytes->length = length;
	for (size_t i = 0; i < length; i++)
		bytes->bytes[i] = (uint8_t)(read_digit(line, hex[2 * i]) << 4 |
		    read_digit(line, hex[2 * i + 1]));
	return bytes;
}

/* "3,4" or "-" */
static void
read_section(const struct line *line, const struct book *book,
    struct reply_text *reply, enum section section, char *text)
{
	unsigned before = 0;
	char *rest = NULL;

	for (unsigned i = 0; i < section; i++)
		before += reply->counts[i];
	if (strcmp(text, "-") == 0)
		return;
	for (char *word = strtok_r(text, ",", &rest); word != NULL;
	    word = strtok_r(NULL, ",", &rest)) {
		unsigned long number = line_count(line, word);
		unsigned at = before + reply->counts[section]++;
		struct bytes **grown = realloc(reply->records,
		    (at + 1) * sizeof(*grown));

		if (grown == NULL)
			err(71, "realloc");
		if (number >= book->records_count)
			line_wrong(line, "no such records");
		grown[at] = book->records[number];
		reply->records = grown;
	}
}

static void
read_reply(const struct line *line, struct book *book)
{
	struct reply_text *reply = line_allocate(1, sizeof *reply);
	bool is_raw = strcmp(line->words[0], "raw") == 0;
	char *end;

	if (line->count != (is_raw ? 4 : 7))
		line_wrong(line, is_raw ? "raw NAME TYPE HEX" :
		    "reply NAME TYPE FLAGS ANSWER AUTHORITY ADDITIONAL");
	line_name(line, &reply->name, line->words[1]);
	reply->type = line_type(line, line->words[2]);
	if (is_raw) {
		reply->raw = read_hex(line, line->words[3]);
		if (reply->raw->length < RAW_MIN)
			line_wrong(line, "8 bytes at least");
	} else {
		reply->flags = (uint16_t)strtoul(line->words[3], &end, 16);
		if (*end != '\0' || end != line->words[3] + 4)
			line_wrong(line, "flags: four hexadecimal digits");
		for (unsigned i = 0; i < SECTIONS; i++)
			read_section(line, book, reply, (enum section)i,
			    line->words[4 + i]);
	}
	book_add(line, book, reply);
}

static void
read_records(const struct line *line, struct book *book)
{
	struct bytes **grown;

	if (line->count != 2)
		line_wrong(line, "records HEX");
	grown = realloc(book->records, (book->records_count + 1) *
	    sizeof(*grown));
	if (grown == NULL)
		err(71, "realloc");
	book->records = grown;
	book->records[book->records_count++] = read_hex(line, line->words[1]);
}

static void
read_book_line(struct line *line, struct book *book, char *text)
{
	char *rest = NULL;

	line->count = 0;
	for (char *word = strtok_r(text, " \n", &rest);
	    word != NULL && *word != '#'; word = strtok_r(NULL, " \n", &rest)) {
		if (line->count == WORDS_MAX)
			line_wrong(line, "too many words");
		line->words[line->count++] = word;
	}
	if (line->count == 0)
		return;
	if (strcmp(line->words[0], "zone") == 0)
		book->records_count = 0;
	else if (strcmp(line->words[0], "records") == 0)
		read_records(line, book);
	else if (strcmp(line->words[0], "reply") == 0 ||
	    strcmp(line->words[0], "raw") == 0)
		read_reply(line, book);
	else
		line_wrong(line, "unknown word of a book");
}

void
read_book(struct line *line)
{
	struct book *book = line_allocate(1, sizeof *book);
	struct line inner = { .fakens = line->fakens };
	char *text = NULL;
	size_t size = 0;
	FILE *file;

	if (line->count != 3)
		line_wrong(line, "book NAME PATH");
	book->name = line_copy(line->words[1]);
	inner.path = line->words[2];
	file = fopen(inner.path, "r");
	if (file == NULL)
		err(66, "%s", inner.path);
	book_grow(book);
	while (getline(&text, &size, file) != -1) {
		inner.number++;
		read_book_line(&inner, book, text);
	}
	if (ferror(file))
		err(66, "%s", inner.path);
	free(text);
	fclose(file);
	free(book->records);
	book->records = NULL;
	book->next = line->fakens->books;
	line->fakens->books = book;
}

/* Answering *****************************************************************/

static void
write_records(struct answer *answer, const struct bytes *records,
    enum section section)
{
	static const uint16_t nothing[] = { 0 },
	    dnssec[] = { TYPE_RRSIG, TYPE_NSEC, TYPE_NSEC3, 0 };

	for (size_t at = 0; at < records->length;) {
		at = copy_record(answer, records->bytes, records->length, at,
		    section, answer->query->wants_dnssec ? nothing : dnssec);
		if (at == 0)
			errx(65, "a book has records that are malformed");
	}
}

static void
write_reply(struct answer *answer, const struct reply_text *reply,
    const uint8_t *question)
{
	struct bytes **records = reply->records;

	answer_start(answer, answer->query, question, reply->flags, NOERROR);
	for (unsigned section = 0; section < SECTIONS; section++)
		for (unsigned i = 0; i < reply->counts[section]; i++)
			write_records(answer, *records++,
			    (enum section)section);
	answer_end(answer);
}

bool
book_answer(const struct book *book, struct answer *answer,
    const uint8_t *question)
{
	const struct query *query = answer->query;
	const struct reply_text *reply = book->replies[slot_of(book,
	    &query->name, query->type)];

	if (reply == NULL)
		reply = book->replies[slot_of(book, &query->name, 0)];
	if (reply == NULL)
		return false;
	if (reply->raw != NULL)
		answer_raw(answer, question, reply->raw->bytes,
		    reply->raw->length);
	else
		write_reply(answer, reply, question);
	return true;
}
