/*
 * Idle processes for the benchmark. `crowd COUNT OWN`: forks COUNT that sleep, of which OWN live in mount, UTS, IPC and network
 * namespaces of their own, and says `ready FORKED OWN ERRNO`. `churn N` on standard input replaces the N oldest and says `done`.
 * All of them end with standard input.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t sleeper(int own)
{
	pid_t parent = getpid(), pid = fork();
	if (pid != 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(0);
	int null = open("/dev/null", O_RDWR);
	for (int fd = 0; fd < 3; fd++)
		dup2(null, fd);
	close(null);
	/* One that may not is an ordinary sleeper. */
	if (own && unshare(CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNET) != 0)
		own = 0;
	for (;;)
		pause();
}

int main(int argc, char **argv)
{
	int count = argc > 1 ? atoi(argv[1]) : 0, own = argc > 2 ? atoi(argv[2]) : 0, made = 0, failure = 0;
	pid_t *pids = calloc(count + 1, sizeof *pids);
	for (; made < count; made++) {
		pids[made] = sleeper(made < own);
		if (pids[made] < 0) {
			failure = errno;
			break;
		}
	}
	printf("ready %d %d %d\n", made, own < made ? own : made, failure);
	fflush(stdout);
	int oldest = 0, wanted;
	/* Those in namespaces of their own stay: making a network namespace costs more than a look. */
	while (scanf(" churn %d", &wanted) == 1) {
		for (int n = 0; n < wanted && made > own; n++) {
			int at = own + oldest++ % (made - own);
			kill(pids[at], SIGKILL);
			waitpid(pids[at], NULL, 0);
			pids[at] = sleeper(0);
		}
		printf("done\n");
		fflush(stdout);
	}
	for (int n = 0; n < made; n++)
		if (pids[n] > 0)
			kill(pids[n], SIGKILL);
	return 0;
}
