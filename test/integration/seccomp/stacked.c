/* Two filters, one upon the other; then says what becomes of getppid, getpgid and getsid, and waits for its input's end.
 * With a PID it has no filter, but traces that process until then. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int load(unsigned getppid_is, unsigned getpgid_is, unsigned getsid_is) {
  struct sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, getppid_is),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getpgid, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, getpgid_is),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getsid, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, getsid_is),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {sizeof code / sizeof *code, code};
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
}

static void tell(const char *name, long number) {
  int status;
  if (fork() == 0) _exit(syscall(number, 0) == -1 ? errno : 0);
  wait(&status);
  if (WIFSIGNALED(status)) printf("%s signal %d\n", name, WTERMSIG(status));
  else printf("%s %d\n", name, WEXITSTATUS(status));
}

static int wait_for_end(void) {
  puts("ready");
  fflush(stdout);
  while (getchar() != EOF) {
  }
  return 0;
}

int main(int argc, char **argv) {
  if (argc > 1) return ptrace(PTRACE_SEIZE, atoi(argv[1]), 0, 0) == 0 ? wait_for_end() : 1;
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  if (load(SECCOMP_RET_ERRNO | EPERM, SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_ALLOW) != 0) return 1;
  if (load(SECCOMP_RET_ERRNO | ENOENT, SECCOMP_RET_ERRNO | EACCES, SECCOMP_RET_ERRNO | ESRCH) != 0) return 1;
  tell("getppid", SYS_getppid);
  tell("getpgid", SYS_getpgid);
  tell("getsid", SYS_getsid);
  return wait_for_end();
}
