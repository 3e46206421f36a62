/*
 * replay: runs a fuzz target over the files of its corpus, without libFuzzer,
 * so that `make check` covers them with any compiler. One TAP line a corpus.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void
run_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *bytes;
	size_t length;

	if (file == NULL) {
		perror(path);
		exit(1);
	}
	/* Fresh memory of the exact size, so that ASan sees an overread. */
	bytes = malloc(1 << 20);
	length = fread(bytes, 1, 1 << 20, file);
	bytes = realloc(bytes, length != 0 ? length : 1);
	LLVMFuzzerTestOneInput(bytes, length);
	free(bytes);
	fclose(file);
}

int
main(int argc, char **argv)
{
	struct dirent *entry;
	size_t files = 0;
	DIR *folder;

	if (argc != 2 || (folder = opendir(argv[1])) == NULL) {
		fprintf(stderr, "usage: %s CORPUS\n", argv[0]);
		return 2;
	}
	while ((entry = readdir(folder)) != NULL) {
		char path[4096];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
		run_file(path);
		files++;
	}
	closedir(folder);
	printf("1..1\n%s 1 - %zu files of %s\n", files > 0 ? "ok" : "not ok",
	    files, argv[1]);
	return files > 0 ? 0 : 1;
}
