/* Makes each system call whose number is given, with arguments that no call can do anything with, and prints
 * `NUMBER ERRNO` (0: it went well), `NUMBER signal N` or `NUMBER none` (it did not come back). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) {
    char *end;
    long number = strtol(argv[i], &end, 10);
    /* `NUMBER:ARG` gives the first argument; the others are zero then. */
    int given = *end == ':';
    unsigned long first = given ? strtoul(end + 1, NULL, 0) : -1UL;
    unsigned long rest = given ? 0 : -1UL;
    int pipes[2];
    if (pipe(pipes) != 0) return 1;
    pid_t self = getpid();
    pid_t child = fork();
    if (child == 0) {
      alarm(2);
      int result = syscall(number, first, rest, rest, rest, rest, rest) == -1 ? errno : 0;
      /* A clone comes back twice. */
      if (getppid() == self) {
        if (write(pipes[1], &result, sizeof result) < 0) return 1;
      }
      _exit(0);
    }
    int status, result = -1;
    waitpid(child, &status, 0);
    close(pipes[1]);
    if (WIFSIGNALED(status) && WTERMSIG(status) != 14) printf("%s signal %d\n", argv[i], WTERMSIG(status));
    else if (read(pipes[0], &result, sizeof result) == sizeof result) printf("%s %d\n", argv[i], result);
    else printf("%s none\n", argv[i]);
    close(pipes[0]);
  }
  return 0;
}
