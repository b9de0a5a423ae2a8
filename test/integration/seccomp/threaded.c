/* A first thread without a filter, and one with a filter in which getppid fails with ENOENT. Says the number of that one,
 * and waits for its input's end. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static void *filtered(void *unused) {
  struct sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOENT),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {sizeof code / sizeof *code, code};
  prctl(PR_SET_NAME, "filtered", 0, 0, 0);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) != 0) return unused;
  printf("thread %ld\nready\n", syscall(SYS_gettid));
  fflush(stdout);
  for (;;) pause();
}

int main(void) {
  pthread_t thread;
  if (pthread_create(&thread, 0, filtered, 0) != 0) return 1;
  while (getchar() != EOF) {
  }
  return 0;
}
