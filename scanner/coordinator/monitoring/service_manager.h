/*
 * service_manager: tells systemd how the run is (sd_notify(3)), in datagrams to
 * the socket that the environment names. Without the variable nothing is told,
 * and what cannot be sent is no fault of the run.
 *
 * systemd kills a service that was slow to start, to stop, or to feed its
 * watchdog. A scan reads its inputs before it is ready, and seals the run behind
 * its loop: both take as long as the inputs are large. So each is announced, with
 * SERVICE_DAY_US as the limit.
 */
#ifndef MXCENSUS_COORDINATOR_MONITORING_SERVICE_MANAGER_H
#define MXCENSUS_COORDINATOR_MONITORING_SERVICE_MANAGER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

#define SERVICE_DAY_US	UINT64_C(86400000000)

struct service_manager {
	int		 socket;	/* -1: nobody is told */
	struct sockaddr_un address;
	socklen_t	 address_length;
	/* How often the watchdog wants to be fed; 0: there is none. */
	int64_t		 watchdog_ms;
	bool		 is_ready;
};

/* Takes the variables out of the environment, so that no child speaks for this
 * process. Says that the inputs are read. */
void	service_manager_open(struct service_manager *);
void	service_manager_close(struct service_manager *);
/* The run measures. Does nothing the second time. */
void	service_manager_ready(struct service_manager *);
/* The line that `systemctl status` shows. */
void	service_manager_tell(const struct service_manager *,
	    const char *status);
/* The loop makes turns. */
void	service_manager_feed(const struct service_manager *);
/* The opt-out list is read again: before and after. */
void	service_manager_reloading(const struct service_manager *);
void	service_manager_reloaded(const struct service_manager *);
/* What is in flight has so long to finish. */
void	service_manager_stopping(const struct service_manager *,
	    uint64_t grace_ms);
/* The loop makes no more turns: the run is sealed, or ends. */
void	service_manager_leave_loop(const struct service_manager *);

#endif
