#include "scanner/coordinator/opening.h"

#include "scanner/base/log.h"
#include "scanner/plan/plan.h"
#include "scanner/run/policy_list_file.h"

/* A process that was killed after the seal may have left .work. */
static int
leave_sealed(struct run *run, const struct options *options)
{
	log_info("%s is sealed: nothing is left to do", run->folder.path);
	folder_remove_work(&run->folder);
	return plan_exit_status(plan_sealed_inputs_hold(&run->file,
	    options));
}

int
opening_run(struct run *run, const struct options *options, int64_t started_ms)
{
	int status;

	if (!policy_list_file_load(options, &run->policy_list) ||
	    !opt_out_list_load(&run->opt_out, options->opt_out))
		return EXIT_INPUT;
	status = run_open(run, options, started_ms);
	if (status != EXIT_COMPLETE)
		return status;
	if (run->file.state == RUN_SEALED)
		return leave_sealed(run, options);
	if (options->opt_out != NULL)
		run_tell_opt_out(run);
	/* The run keeps it, and a shard does not need it. */
	if (options_have_shard(options))
		return EXIT_COMPLETE;
	return policy_list_file_keep(options, &run->policy_list,
	    &run->folder);
}

bool
opening_read_opt_out(struct run *run, const struct options *options)
{
	if (options->opt_out == NULL)
		return false;
	if (!opt_out_list_load(&run->opt_out, options->opt_out)) {
		log_line("%s cannot be read again: the earlier list stays in "
		    "force", options->opt_out);
		return false;
	}
	run_tell_opt_out(run);
	return true;
}
