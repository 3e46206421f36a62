#include "scanner/base/heap.h"

#include <assert.h>
#include <stdlib.h>

#include "scanner/base/memory.h"

static bool
before(const struct heap_entry *a, const struct heap_entry *b)
{
	if (a->key != b->key)
		return a->key < b->key;
	return a->sequence < b->sequence;
}

void
heap_fini(struct heap *heap)
{
	free(heap->entries);
	*heap = (struct heap){ 0 };
}

void
heap_push(struct heap *heap, int64_t key, void *value)
{
	struct heap_entry entry = { key, heap->sequence++, value };
	size_t i = heap->count++;

	if (heap->count > heap->size) {
		heap->size = heap->size * 2 + 64;
		heap->entries = xreallocarray(heap->entries, heap->size,
		    sizeof *heap->entries);
	}
	for (; i > 0 && before(&entry, &heap->entries[(i - 1) / 2]);
	    i = (i - 1) / 2)
		heap->entries[i] = heap->entries[(i - 1) / 2];
	heap->entries[i] = entry;
}

const struct heap_entry *
heap_first(const struct heap *heap)
{
	return heap->count == 0 ? NULL : &heap->entries[0];
}

void *
heap_pop(struct heap *heap)
{
	struct heap_entry last;
	void *value;
	size_t i = 0, child;

	assert(heap->count > 0);
	value = heap->entries[0].value;
	last = heap->entries[--heap->count];
	while ((child = 2 * i + 1) < heap->count) {
		if (child + 1 < heap->count &&
		    before(&heap->entries[child + 1], &heap->entries[child]))
			child++;
		if (!before(&heap->entries[child], &last))
			break;
		heap->entries[i] = heap->entries[child];
		i = child;
	}
	if (heap->count > 0)
		heap->entries[i] = last;
	return value;
}
