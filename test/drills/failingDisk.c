/*
 * A disk that fails when it is told to: preloaded into a server (LD_PRELOAD), it makes calls on files below DRILL_FOLDER fail.
 * DRILL_FAULT names a file of 16 bytes that both sides map: byte 0 says which fault there is (0 none, 1 EIO of fsync, 2 EIO of
 * write, 3 ENOSPC of write, 4 EIO of read), bytes 4 to 7 count the calls that failed.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

enum { NONE, FSYNC_EIO, WRITE_EIO, WRITE_ENOSPC, READ_EIO };
enum { SYNC, WRITE, READ };

static volatile uint8_t *board;
static const char *folder;

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("DRILL_FAULT");
  folder = getenv("DRILL_FOLDER");
  if (path == NULL || folder == NULL) return;
  int file = open(path, O_RDWR);
  if (file < 0) return;
  void *mapped = mmap(NULL, 16, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (mapped != MAP_FAILED) board = mapped;
}

static int lies_in_folder(int file) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return strncmp(path, folder, strlen(folder)) == 0;
}

/* Whether the call is to fail; sets errno. */
static int fails(int file, int kind) {
  if (board == NULL || board[0] == NONE) return 0;
  int failing = board[0] == FSYNC_EIO ? SYNC : board[0] == READ_EIO ? READ : WRITE;
  if (kind != failing || !lies_in_folder(file)) return 0;
  __atomic_add_fetch((uint32_t *)(board + 4), 1, __ATOMIC_SEQ_CST);
  errno = board[0] == WRITE_ENOSPC ? ENOSPC : EIO;
  return 1;
}

#define REAL(name) \
  static __typeof__(&name) real; \
  if (real == NULL) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

int fsync(int file) { REAL(fsync); return fails(file, SYNC) ? -1 : real(file); }
int fdatasync(int file) { REAL(fdatasync); return fails(file, SYNC) ? -1 : real(file); }
ssize_t write(int file, const void *from, size_t count) { REAL(write); return fails(file, WRITE) ? -1 : real(file, from, count); }
ssize_t pwrite(int file, const void *from, size_t count, off_t at) { REAL(pwrite); return fails(file, WRITE) ? -1 : real(file, from, count, at); }
ssize_t pwrite64(int file, const void *from, size_t count, off64_t at) { REAL(pwrite64); return fails(file, WRITE) ? -1 : real(file, from, count, at); }
ssize_t writev(int file, const struct iovec *from, int count) { REAL(writev); return fails(file, WRITE) ? -1 : real(file, from, count); }
ssize_t pwritev(int file, const struct iovec *from, int count, off_t at) { REAL(pwritev); return fails(file, WRITE) ? -1 : real(file, from, count, at); }
ssize_t pwritev64(int file, const struct iovec *from, int count, off64_t at) { REAL(pwritev64); return fails(file, WRITE) ? -1 : real(file, from, count, at); }
ssize_t pread(int file, void *to, size_t count, off_t at) { REAL(pread); return fails(file, READ) ? -1 : real(file, to, count, at); }
ssize_t pread64(int file, void *to, size_t count, off64_t at) { REAL(pread64); return fails(file, READ) ? -1 : real(file, to, count, at); }
