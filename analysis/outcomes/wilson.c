#include "analysis/outcomes/wilson.h"

#include <math.h>

/* The quantile 0.975 of the normal distribution. */
#define Z_95 1.959963984540054

struct interval
wilson_interval(uint64_t part, uint64_t whole)
{
	double n = (double)whole, share = (double)part / n, z2 = Z_95 * Z_95;
	double middle, half;

	if (whole == 0)
		return (struct interval){ 0, 1 };
	middle = (share + z2 / (2 * n)) / (1 + z2 / n);
	half = Z_95 / (1 + z2 / n) *
	    sqrt(share * (1 - share) / n + z2 / (4 * n * n));
	return (struct interval){
		part == 0 ? 0 : middle - half,
		part == whole ? 1 : middle + half,
	};
}
