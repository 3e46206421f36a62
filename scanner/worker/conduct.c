#include "scanner/worker/conduct.h"

#include "scanner/worker/worker.h"

enum address_class
conduct_class_of(const struct worker *worker, const struct address *address)
{
	const struct options *options = worker->options;

	if (options->only_allowed_networks &&
	    !prefix_set_contains(&options->allow_network, address))
		return CLASS_NOT_ALLOWED;
	if (address_is_special(address, &options->allow_network))
		return CLASS_SPECIAL;
	if (opt_out_has_address(&worker->opt_out, address))
		return CLASS_OPTED_OUT;
	if (!(address->family == 4 ? worker->has_ipv4 : worker->has_ipv6))
		return CLASS_NO_ROUTE;
	return CLASS_PUBLIC;
}

bool
conduct_may_ask(const struct worker *worker, const struct address *address)
{
	enum address_class class = conduct_class_of(worker, address);

	/* The options have no say in how name servers are asked. */
	return (class == CLASS_PUBLIC || class == CLASS_NO_ROUTE) &&
	    (address->family == 4 ? worker->asks_ipv4 : worker->asks_ipv6);
}
