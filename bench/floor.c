/*
 * The floor: the least that a FastCGI program behind nginx can do. N threads, each
 * with a kept connection of its own, read the whole body and answer 202. No
 * signature, no JSON, no store. What gatepost-ingest costs is measured against it.
 *
 *   cc -O2 -Wall -Wextra -o floor floor.c -lfcgi -lpthread
 *   floor [--threads N] [SOCKET]      without SOCKET: descriptor 0, as spawn-fcgi and systemd hand it over
 */
#include <fcgiapp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int listener = 0;

/* Bound here, not by FCGX_OpenSocket, which prints and ends the process when it fails. */
static int open_socket(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        fprintf(stderr, "floor: socket path is longer than %zu bytes: %s\n", sizeof address.sun_path - 1, path);
        exit(2);
    }
    strcpy(address.sun_path, path);
    unlink(path);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(fd, 4096) < 0) {
        perror(path);
        exit(1);
    }
    return fd;
}

static void answer(FCGX_Request *request) {
    char body[65536];
    while (FCGX_GetStr(body, sizeof body, request->in) > 0) continue;
    const char *id = FCGX_GetParam("GATEPOST_REQUEST_ID", request->envp);
    FCGX_FPrintF(request->out,
                 "Status: 202 Accepted\r\nContent-Type: application/json\r\nX-Request-Id: %s\r\n\r\n"
                 "{\"status\":\"queued\",\"event_id\":\"0192f000-0000-7000-8000-000000000000\"}",
                 id ? id : "none");
}

/*
 * No lock round FCGX_Accept_r, though libfcgi's own threaded example has one: with
 * nginx's kept connections the call waits for the next request of *this* thread's
 * connection, and would hold the lock while the other threads have work. Linux's
 * accept(2) needs none. The answer leaves when FCGX_Accept_r is called again.
 */
static void *serve(void *unused) {
    (void)unused;
    FCGX_Request request;
    FCGX_InitRequest(&request, listener, 0);
    while (FCGX_Accept_r(&request) == 0) answer(&request);
    return NULL;
}

static void leave(int signal) { _exit(signal == SIGTERM ? 0 : 1); }

int main(int count, char **arguments) {
    long threads = 64;
    int next = 1;
    if (next + 1 < count && strcmp(arguments[next], "--threads") == 0) {
        threads = strtol(arguments[next + 1], NULL, 10);
        next += 2;
    }
    if (threads < 1 || threads > 1024 || next + 1 < count || (next < count && arguments[next][0] == '-')) {
        fprintf(stderr, "usage: floor [--threads 1..1024] [SOCKET]\n");
        return 2;
    }
    if (next < count) listener = open_socket(arguments[next]);
    FCGX_Init();
    signal(SIGTERM, leave); /* after FCGX_Init, which puts a handler of its own there */

    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 256 * 1024);
    for (long started = 1; started < threads; started++) {
        pthread_t thread;
        if (pthread_create(&thread, &attributes, serve, NULL) != 0) {
            perror("floor: cannot start a thread");
            return 1;
        }
    }
    serve(NULL);
    return 0;
}
