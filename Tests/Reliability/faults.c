// Loaded into a program under test (LD_PRELOAD). Has calls on the event store fail as the file that GATEPOST_TEST_FAULT names says:
// "fdatasync 5" (EIO), "pwrite 28" (ENOSPC). And puts the wall clock forward or back by the seconds that stand in the file that
// GATEPOST_TEST_CLOCK names. No file: nothing happens.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int fault(const char *call, int fd) {
    const char *name = getenv("GATEPOST_TEST_FAULT");
    char link[64], path[512], word[32];
    int code = 0, found = 0;
    FILE *file;
    ssize_t length;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = readlink(link, path, sizeof path - 1);
    if (name == NULL || length < 0) return 0;
    path[length] = 0;
    if (strstr(path, "gatepost.db") == NULL || (file = fopen(name, "re")) == NULL) return 0;
    while (fscanf(file, "%31s %d", word, &code) == 2) {
        if (strcmp(word, call) == 0) found = code;
    }
    fclose(file);
    return found;
}

int fdatasync(int fd) {
    int code = fault("fdatasync", fd);
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    if (code) {
        errno = code;
        return -1;
    }
    return real(fd);
}

int fsync(int fd) {
    int code = fault("fdatasync", fd);
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    if (code) {
        errno = code;
        return -1;
    }
    return real(fd);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
    int code = fault("pwrite", fd);
    ssize_t (*real)(int, const void *, size_t, off64_t) = (ssize_t (*)(int, const void *, size_t, off64_t))dlsym(RTLD_NEXT, "pwrite64");
    if (code) {
        errno = code;
        return -1;
    }
    return real(fd, bytes, count, at);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    int (*real)(clockid_t, struct timespec *) = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    int result = real(clock, now);
    const char *name = getenv("GATEPOST_TEST_CLOCK");
    char text[32] = "";
    int file;
    if (result != 0 || clock != CLOCK_REALTIME || name == NULL || (file = open(name, O_RDONLY | O_CLOEXEC)) < 0) return result;
    if (read(file, text, sizeof text - 1) > 0) now->tv_sec += atol(text);
    close(file);
    return result;
}
