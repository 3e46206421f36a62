#include "scanner/message/in_flight.h"

#include <fcntl.h>
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

int
in_flight_create(void)
{
	int descriptor = memfd_create("mxcensus-in-flight",
	    MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (descriptor >= 0 && (ftruncate(descriptor,
	    sizeof(struct in_flight)) != 0 || fcntl(descriptor, F_ADD_SEALS,
	    F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)) {
		close(descriptor);
		return -1;
	}
	return descriptor;
}

struct in_flight *
in_flight_map(int descriptor)
{
	void *page = mmap(NULL, sizeof(struct in_flight),
	    PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);

	return page == MAP_FAILED ? NULL : page;
}

void
in_flight_unmap(struct in_flight *page)
{
	if (page != NULL)
		(void)munmap(page, sizeof *page);
}
