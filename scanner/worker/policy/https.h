/*
 * https: fetches a small document over HTTPS from one address, by libcurl on
 * the worker's libev loop (RFC 8461 3.3).
 *
 * libcurl resolves, follows, proxies, caches and opens nothing. The address is
 * given. A connection serves one name and one document, and its certificate is
 * verified for that name. A transfer is embedded in its owner; done() runs
 * once, from the loop and never from https_start().
 */
#ifndef MXCENSUS_WORKER_POLICY_HTTPS_H
#define MXCENSUS_WORKER_POLICY_HTTPS_H

#include <ev.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/prefix.h"
#include "scanner/base/buffer.h"
#include "scanner/base/fault.h"
#include "scanner/base/list.h"

struct curl_slist;
struct https;
struct worker;

enum https_result {
	HTTPS_RESPONSE,		/* `code` is set; for 200 the body is whole */
	HTTPS_CERTIFICATE,	/* tls_error says why it is not valid */
	HTTPS_PROTOCOL,		/* no response in HTTP, or of no clear length,
				 * or in a coding that cannot be decoded */
	HTTPS_TOO_LARGE,	/* the body, a header line, or all of them */
	HTTPS_TIMEOUT,
	HTTPS_CONNECT,		/* no connection, no TLS, or no response over
				 * it */
	HTTPS_LOCAL_ERROR,	/* a fault of our own socket or memory */
};

struct https_transfer {
	/* The owner sets these. */
	const char	*host;		/* text form; in the URL and in TLS */
	const char	*path;		/* "/.well-known/..." */
	struct address	 address;
	size_t		 bytes_max;	/* the most bytes of the body, as it
					 * comes and decoded */
	unsigned	 deadline_ms;	/* for the whole transfer */
	uint32_t	 slot;		/* worker.h: worker_mark_in_flight */
	void		(*done)(struct https_transfer *);
	/* The result. */
	enum https_result result;
	struct fault	 fault;		/* whose fault a failure is */
	bool		 has_connected;	/* TCP */
	long		 code;		/* HTTP status; 0: none */
	int		 tls_error;	/* trust.h */
	bool		 is_plain_text;	/* Content-Type: text/plain */
	struct buffer	 body;		/* the owner frees it */
	/* Private. */
	struct https	*https;
	void		*easy;		/* libcurl's handle */
	struct curl_slist *to;		/* where it connects */
	bool		 is_over, is_local;
	size_t		 header_bytes;
	int		 descriptor;	/* while libcurl has it; else -1 */
	int		 family;	/* of the descriptor */
	bool		 is_waiting;	/* for the connection */
	bool		 is_connected;	/* ICMP messages are off again */
	enum error_origin origin;	/* of the error that closed it */
	struct list	 link;		/* https->unstarted, https->open */
};

/* Must run before the sandbox. Returns NULL with a sentence in `why`. */
struct https *https_new(struct worker *, char why[256]);
void	https_free(struct https *);
void	https_start(struct https *, struct https_transfer *);

#endif
