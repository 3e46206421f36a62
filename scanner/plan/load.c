#include "scanner/plan/load.h"

#include <math.h>
#include <stdlib.h>

#include "scanner/base/memory.h"
#include "scanner/message/item.h"

/* The questions that are charged to an address. */
struct charge {
	struct address	address;
	double		questions;
};

/* The address by which a host is charged: its first IPv4 address, or else its
 * first address. A host without one (family 0) is charged by its name. */
static struct address
charged_address(const struct plan_host *host)
{
	for (unsigned i = 0; i < host->address_count; i++)
		if (host->addresses[i].family == 4)
			return host->addresses[i];
	return host->address_count > 0 ? host->addresses[0]
	    : (struct address){ 0 };
}

static double
questions_of_set(const struct plan_set *set, const struct options *options)
{
	return (double)set->names *
	    domain_questions(options->mta_sts == CHOICE_YES) +
	    (double)set->signed_names * DOMAIN_KEY_QUESTIONS;
}

/* The questions that each of its hosts gets. */
static double
questions_of_host(const struct plan_set *set, const struct options *options)
{
	return questions_of_set(set, options) / set->host_count;
}

/* The network of an address whose servers share a rate; an address of family 0
 * is in none. */
static struct address
network_of(const struct address *address)
{
	return address->family == 0 ? *address : address_network(address).base;
}

/* How often the most frequent of these addresses occurs. Family 0 is not an
 * address. */
static unsigned
most_equal(const struct address *addresses, unsigned count)
{
	unsigned most = 0;

	for (unsigned i = 0; i < count; i++) {
		unsigned same = 0;

		for (unsigned j = 0; j <= i && addresses[i].family != 0; j++)
			same += address_compare(&addresses[i],
			    &addresses[j]) == 0;
		if (same > most)
			most = same;
	}
	return most;
}

double
plan_set_seconds(const struct plan_servers *servers, uint32_t number,
    const struct options *options)
{
	struct address addresses[PLAN_SET_MAX] = { 0 };
	struct plan_set set;
	double of_server, of_network, of_host;
	unsigned most;

	if (!plan_set(servers, number, &set))
		return 0;
	for (unsigned i = 0; i < set.host_count; i++) {
		struct plan_host host;

		if (plan_host(servers, set.hosts[i], &host))
			addresses[i] = charged_address(&host);
	}
	of_host = questions_of_host(&set, options);
	most = most_equal(addresses, set.host_count);
	/* Without addresses, each host counts as a server. */
	of_server = of_host * (most > 0 ? most : 1) /
	    (double)options->dns_rate;
	for (unsigned i = 0; i < set.host_count; i++)
		addresses[i] = network_of(&addresses[i]);
	of_network = of_host * most_equal(addresses, set.host_count) /
	    (double)options->dns_prefix_rate;
	return fmax(of_server, of_network);
}

/* If all hosts have one address, it is charged for all questions. */
double
plan_set_most_seconds(const struct plan_servers *servers, uint32_t number,
    const struct options *options)
{
	struct plan_set set;

	/* A sum of parts may be a little more than the whole. */
	return plan_set(servers, number, &set) ? 1.001 *
	    questions_of_set(&set, options) / fmin((double)options->dns_rate,
	    (double)options->dns_prefix_rate) : 0;
}

size_t
plan_slow_sets(const struct plan_servers *servers,
    const struct options *options, struct slow_set slow[PLAN_SLOW_SETS])
{
	size_t count = 0;

	for (uint32_t number = 1; number <= plan_sets(servers); number++) {
		struct slow_set set = { .number = number };
		size_t at = count;

		if (count == PLAN_SLOW_SETS && plan_set_most_seconds(servers,
		    number, options) <= slow[count - 1].seconds)
			continue;
		set.seconds = plan_set_seconds(servers, number, options);
		while (at > 0 && slow[at - 1].seconds < set.seconds)
			at--;
		if (at == PLAN_SLOW_SETS)
			continue;
		if (count < PLAN_SLOW_SETS)
			count++;
		for (size_t i = count - 1; i > at; i--)
			slow[i] = slow[i - 1];
		slow[at] = set;
	}
	return count;
}

/* The questions that are charged to each host, by its number. */
static double *
questions_of_hosts(const struct plan_servers *servers,
    const struct options *options)
{
	double *questions = xcalloc((size_t)plan_hosts(servers) + 1,
	    sizeof *questions);
	struct plan_set set;

	for (uint32_t number = 1; plan_set(servers, number, &set); number++)
		for (unsigned i = 0; i < set.host_count; i++)
			questions[set.hosts[i]] += questions_of_host(&set,
			    options);
	return questions;
}

static int
compare_charges(const void *a, const void *b)
{
	const struct charge *left = a, *right = b;

	return address_compare(&left->address, &right->address);
}

static bool
are_sorted(const struct charge *charges, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (compare_charges(&charges[i - 1], &charges[i]) > 0)
			return false;
	return true;
}

/* The most questions that are charged to one address. */
static double
most_questions(struct charge *charges, size_t count)
{
	double most = 0, questions = 0;

	/* The networks of sorted addresses are sorted. */
	if (!are_sorted(charges, count))
		qsort(charges, count, sizeof *charges, compare_charges);
	for (size_t i = 0; i < count; i++) {
		if (i == 0 ||
		    compare_charges(&charges[i - 1], &charges[i]) != 0)
			questions = 0;
		questions += charges[i].questions;
		if (questions > most)
			most = questions;
	}
	return most;
}

double
plan_least_seconds(const struct plan_servers *servers, uint64_t names,
    const struct options *options)
{
	double *of_host = questions_of_hosts(servers, options);
	struct charge *charges = xcalloc((size_t)plan_hosts(servers) + 1,
	    sizeof *charges);
	double of_server = 0, of_network, least;
	size_t count = 0;
	struct plan_host host;

	for (uint32_t number = 1; plan_host(servers, number, &host);
	    number++) {
		charges[count] = (struct charge){
			charged_address(&host), of_host[number],
		};
		if (charges[count].address.family != 0)
			count++;
		else if (of_host[number] > of_server)
			of_server = of_host[number];
	}
	of_server = fmax(of_server, most_questions(charges, count));
	for (size_t i = 0; i < count; i++)
		charges[i].address = network_of(&charges[i].address);
	of_network = most_questions(charges, count);
	free(charges);
	free(of_host);
	least = fmax(of_server / (double)options->dns_rate,
	    of_network / (double)options->dns_prefix_rate);
	return fmax(least, (double)names / PLAN_NAMES_A_SECOND);
}
