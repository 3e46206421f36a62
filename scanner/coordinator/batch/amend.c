#include "scanner/coordinator/batch/amend.h"

#include <errno.h>
#include <unistd.h>

#include "scanner/out/table.h"

static void
copy_row(struct table *table, const struct table_reader *row,
    unsigned column_count, const struct amendment *amendment, unsigned flags)
{
	for (unsigned i = 0; i < column_count; i++) {
		if (flags != 0 && i == amendment->flags_column)
			table_set_flags(table, i, flags |
			    table_get_flags(row, i));
		else
			table_copy_field(table, row, i);
	}
	table_end_row(table);
}

/* Returns false with errno. */
static bool
copy_rows(struct table *table, struct table_reader *row,
    unsigned column_count, const struct amendment *amendment)
{
	int result;

	while ((result = table_reader_next(row)) == 1) {
		unsigned flags = 0;

		if (amendment->keeps(amendment->tag, row, &flags))
			copy_row(table, row, column_count, amendment, flags);
	}
	if (result != 0)
		errno = EIO;
	return result == 0;
}

bool
batch_amend(const struct batch *batch, unsigned output,
    const struct amendment *amendment)
{
	const struct job_output *what = &batch->outputs->outputs[output];
	int descriptor = batch->descriptors[output];
	struct table_reader *row = table_reader_open(what->table, descriptor);
	struct table *table = table_new(what->table);
	bool good = false;

	errno = EIO;
	if (row != NULL)
		good = copy_rows(table, row,
		    table_schemas[what->table].column_count, amendment);
	table_reader_close(row);
	good = good && ftruncate(descriptor, 0) == 0 &&
	    lseek(descriptor, 0, SEEK_SET) == 0 && table_write(table,
	    descriptor, amendment->level, what->is_staged);
	table_free(table);
	return good;
}
