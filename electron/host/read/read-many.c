/*
 * Reads the same few files of many processes at one call, by several threads: nine tenths of a look at the whole machine are
 * such system calls, and asking for each from JavaScript costs a third on top. Knows no file by name and the meaning of none:
 * what is wanted comes from read-many.ts, which reads the answers as well.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* What may be wanted of a process. A folder has no answer of its own; the links that follow it are in it. */
enum kind { RECORD, FOLDER, LINK, TARGETS };

struct want {
	int32_t kind;
	/* Of a record: its first so many bytes. */
	int32_t limit;
	/* Where in `names` its name begins, which ends with a NUL. */
	int32_t name;
};

/*
 * For each process first 0 or -errno of its directory, then an answer to each want: the length in bytes or -errno, and as many
 * bytes, filled up with zeros to a multiple of four. Targets are name, NUL, where it points, NUL, and so on; those that point to a path
 * are left out.
 */
struct answers {
	char *bytes;
	int32_t length;
	int32_t room;
};

/* What one process may say: who says more is read by other means. */
#define ROOM (64 * 1024)
#define THREADS_AT_MOST 16

struct job {
	int32_t count;
	const int32_t *pids;
	const struct want *wants;
	int32_t wanted;
	const char *names;
	/* at[i] is where in `out` the answers of pids[i] begin, or -1 if there was no room for them. */
	char *out;
	int32_t room;
	int32_t *at;
	atomic_int next;
	atomic_int used;
	/* CPU time of the other threads. */
	atomic_llong nanos;
	pthread_t others[THREADS_AT_MOST];
	int started;
};

static int put(struct answers *to, int32_t result)
{
	int32_t length = result > 0 ? result : 0, whole = (length + 3) & ~3;
	if (to->length + 4 + whole > to->room)
		return 0;
	memcpy(to->bytes + to->length, &result, sizeof result);
	memset(to->bytes + to->length + 4 + length, 0, whole - length);
	to->length += 4 + whole;
	return 1;
}

/* Where the bytes of the next answer come, and how many can. */
static char *next(const struct answers *to)
{
	return to->bytes + to->length + 4;
}

static int32_t left(const struct answers *to)
{
	return to->room - to->length - 8;
}

static int record(struct answers *to, int directory, const char *name, int32_t limit)
{
	/* Never waits for the other end of a pipe. */
	int fd = openat(directory, name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return put(to, -errno);
	int32_t room = left(to) < limit ? left(to) : limit;
	if (room <= 0) {
		close(fd);
		return 0;
	}
	ssize_t length = read(fd, next(to), room);
	int32_t result = length < 0 ? -errno : (int32_t)length;
	close(fd);
	/* What fills it may go on. */
	return !(result == room && room < limit) && put(to, result);
}

/* Whether we may know is asked of the process, not of the link: once it is denied it is so for those that follow. */
static int link_of(struct answers *to, int directory, const char *name, int32_t *denied)
{
	if (left(to) <= 0)
		return 0;
	ssize_t length = readlinkat(directory, name, next(to), left(to));
	if (length < 0 && (errno == EACCES || errno == EPERM))
		*denied = -errno;
	/* What fills it may be cut. */
	return length != left(to) && put(to, length < 0 ? -errno : (int32_t)length);
}

/* man 2 getdents */
struct entry {
	uint64_t inode;
	int64_t offset;
	uint16_t length;
	uint8_t type;
	char name[];
};

static int targets(struct answers *to, int directory, const char *folder)
{
	int fd = openat(directory, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return put(to, -errno);
	char *found = next(to);
	int32_t length = 0, room = left(to);
	_Alignas(struct entry) char entries[8192];
	for (;;) {
		long filled = syscall(SYS_getdents64, fd, entries, sizeof entries);
		if (filled <= 0) {
			int32_t result = filled < 0 ? -errno : length;
			close(fd);
			return put(to, result);
		}
		for (long at = 0; at < filled;) {
			const struct entry *entry = (const void *)(entries + at);
			at += entry->length;
			if (entry->name[0] == '.')
				continue;
			int32_t name = (int32_t)strlen(entry->name) + 1, rest = room - length - name - 1;
			char *target = found + length + name;
			ssize_t pointed = rest > 0 ? readlinkat(fd, entry->name, target, rest) : rest;
			if (pointed >= rest) {
				close(fd);
				return 0;
			}
			if (pointed <= 0 || target[0] == '/')
				continue;
			memcpy(found + length, entry->name, name);
			target[pointed] = 0;
			length += name + (int32_t)pointed + 1;
		}
	}
}

/* 0 if there was no room for all of it. */
static int process(const struct job *job, int32_t pid, struct answers *to)
{
	char path[32];
	snprintf(path, sizeof path, "/proc/%d", pid);
	/* Held open, so that every name below it speaks of the same process. */
	int directory = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC), folder = -1, fits = 1;
	if (directory < 0)
		return put(to, -errno);
	put(to, 0);
	int32_t missing = 0;
	for (int32_t i = 0; fits && i < job->wanted; i++) {
		const struct want *want = &job->wants[i];
		const char *name = job->names + want->name;
		switch (want->kind) {
		case RECORD:
			fits = record(to, directory, name, want->limit);
			break;
		case FOLDER:
			if (folder >= 0)
				close(folder);
			folder = openat(directory, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
			missing = folder < 0 ? -errno : 0;
			break;
		case LINK:
			fits = missing < 0 ? put(to, missing) : link_of(to, folder, name, &missing);
			break;
		case TARGETS:
			fits = targets(to, directory, name);
			break;
		}
	}
	if (folder >= 0)
		close(folder);
	close(directory);
	return fits;
}

static void work(struct job *job)
{
	_Alignas(4) char bytes[ROOM];
	for (;;) {
		int32_t index = atomic_fetch_add(&job->next, 1);
		if (index >= job->count)
			return;
		struct answers answers = { bytes, 0, ROOM };
		job->at[index] = -1;
		if (!process(job, job->pids[index], &answers))
			continue;
		int32_t at = atomic_fetch_add(&job->used, answers.length);
		/* Further ones would only come further. */
		if (at > job->room - answers.length) {
			atomic_store(&job->used, job->room);
			continue;
		}
		memcpy(job->out + at, bytes, answers.length);
		job->at[index] = at;
	}
}

static void *other(void *job)
{
	struct timespec spent;
	work(job);
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
	atomic_fetch_add(&((struct job *)job)->nanos, spent.tv_sec * 1000000000LL + spent.tv_nsec);
	return NULL;
}

/*
 * Begins with as many threads beside this one; NULL without memory. All that they touch is the job's own: who began it may end
 * before them, as a worker of Node does that is terminated.
 */
struct job *porthole_read_begin(const int32_t *pids, int32_t count, const struct want *wants, int32_t wanted, const char *names,
				int32_t length, int32_t threads, int32_t room)
{
	size_t numbers = count * sizeof *pids, all = wanted * sizeof *wants;
	struct job *job = malloc(sizeof *job + 2 * numbers + all + length + room);
	if (job == NULL)
		return NULL;
	memset(job, 0, sizeof *job);
	char *own = (char *)(job + 1);
	job->count = count;
	job->pids = memcpy(own, pids, numbers);
	job->at = (int32_t *)(own + numbers);
	job->wants = memcpy(own + 2 * numbers, wants, all);
	job->wanted = wanted;
	job->names = memcpy(own + 2 * numbers + all, names, length);
	job->out = own + 2 * numbers + all + length;
	job->room = room;
	/* Signals are for the threads of Node. */
	sigset_t every, before;
	sigfillset(&every);
	pthread_sigmask(SIG_SETMASK, &every, &before);
	while (job->started < threads && job->started < THREADS_AT_MOST) {
		if (pthread_create(&job->others[job->started], NULL, other, job) != 0)
			break;
		job->started++;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return job;
}

/*
 * Does what is left to do, and when all is done hands over what `out`, of the size of the job's room, and `at` are of it. The
 * milliseconds that the other threads were on a CPU.
 */
double porthole_read_end(struct job *job, char *out, int32_t *at)
{
	work(job);
	while (job->started > 0)
		pthread_join(job->others[--job->started], NULL);
	int32_t used = atomic_load(&job->used);
	memcpy(out, job->out, used < job->room ? used : job->room);
	memcpy(at, job->at, job->count * sizeof *at);
	double millis = atomic_load(&job->nanos) / 1e6;
	free(job);
	return millis;
}

/*
 * Reads `count` open files from their beginning; those of -1 are left out. A record is its length in bytes or -errno, and up to
 * size - 4 bytes. changed[i] tells whether it is another than was there before.
 */
void porthole_read_held(const int32_t *fds, int32_t count, char *records, int32_t size, uint8_t *changed)
{
	char fresh[256];
	if (size > (int32_t)sizeof fresh)
		return;
	for (int32_t i = 0; i < count; i++) {
		changed[i] = 0;
		if (fds[i] < 0)
			continue;
		ssize_t length = pread(fds[i], fresh + 4, size - 4, 0);
		int32_t result = length < 0 ? -errno : (int32_t)length;
		memcpy(fresh, &result, sizeof result);
		size_t whole = 4 + (result > 0 ? result : 0);
		char *record = records + (size_t)i * size;
		if (memcmp(record, fresh, whole) == 0)
			continue;
		memcpy(record, fresh, whole);
		changed[i] = 1;
	}
}
