/*
 * The floor: the files that a look reads, read by nothing but system calls. `loop RUNS` prints the milliseconds
 * and those on a CPU of each run;
 * `loop RUNS all` reads the further ones too (schedstat, and the link of every open file).
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static char buffer[65536], path[512];
static const char *files[] = { "stat", "status", "cmdline", "cgroup" };
static const char *links[] = { "mnt", "uts", "ipc", "net", "pid", "user", "cgroup", "time", "pid_for_children", "time_for_children" };

static void slurp(const char *pid, const char *file)
{
	snprintf(path, sizeof path, "/proc/%s/%s", pid, file);
	int fd = open(path, O_RDONLY);
	if (fd < 0)
		return;
	while (read(fd, buffer, sizeof buffer) > 0)
		;
	close(fd);
}

static void descriptors(const char *pid)
{
	snprintf(path, sizeof path, "/proc/%s/fd", pid);
	DIR *folder = opendir(path);
	if (folder == NULL)
		return;
	for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
		if (entry->d_name[0] != '.')
			(void)!readlinkat(dirfd(folder), entry->d_name, buffer, sizeof buffer);
	closedir(folder);
}

static double now(clockid_t clock)
{
	struct timespec time;
	clock_gettime(clock, &time);
	return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

int main(int argc, char **argv)
{
	int runs = argc > 1 ? atoi(argv[1]) : 1, all = argc > 2;
	while (runs-- > 0) {
		double start = now(CLOCK_MONOTONIC), busy = now(CLOCK_PROCESS_CPUTIME_ID);
		DIR *proc = opendir("/proc");
		for (struct dirent *entry; (entry = readdir(proc)) != NULL;) {
			if (entry->d_name[0] < '0' || entry->d_name[0] > '9')
				continue;
			for (int i = 0; i < 4; i++)
				slurp(entry->d_name, files[i]);
			for (int i = 0; i < 10; i++) {
				snprintf(path, sizeof path, "/proc/%s/ns/%s", entry->d_name, links[i]);
				(void)!readlink(path, buffer, sizeof buffer);
			}
			if (all) {
				slurp(entry->d_name, "schedstat");
				descriptors(entry->d_name);
			}
		}
		closedir(proc);
		printf("%.3f %.3f\n", now(CLOCK_MONOTONIC) - start, now(CLOCK_PROCESS_CPUTIME_ID) - busy);
	}
	return 0;
}
