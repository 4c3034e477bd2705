/* Records what a process does to the files below some folders, and what it is about to send through stream
 * sockets, in order, as one log. Loaded into the process with LD_PRELOAD; it changes nothing that the process
 * does.
 *
 *   UPCS_RECORD_LOG     the log; it is there already, and every record is one append. Empty: nothing is done.
 *   UPCS_RECORD_BELOW   the folders, with a colon between; absolute, without links.
 *
 * One lock is held over an operation and its record, so that the log's order is the order of what happened.
 * Something sent is recorded before it leaves, everything else after it was done: what stands before a `sent` in
 * the log was done before anybody could read the answer. Operations that the reader of the log does not know
 * are recorded by name, and the reader then fails.
 *
 * A record, little-endian: u32 bytes that follow, u32 process, u8 operation, u64 file (its inode), u64 place,
 * u32 bytes of path, path, bytes. Operations: see reader (log.rs).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#if __SIZEOF_POINTER__ != 8
#error "offsets are handed to the machine in one piece of 64 bits"
#endif

enum operation {
    MADE = 1, CUT = 2, WROTE = 3, SYNCED = 4, SYNCED_FOLDER = 5, RENAMED = 6, REMOVED = 7, MADE_FOLDER = 8,
    SENT = 9, /* MARKED = 10 is the reader's own */ UNKNOWN = 11
};

enum kind { OTHER, A_FILE, A_FOLDER, A_SOCKET };

struct at {
    enum kind kind;
    uint64_t file;
    char path[PATH_MAX];
};

static int log_fd = -1;
static const char *below;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void stop(const char *why) {
    fprintf(stderr, "recorder: %s\n", why);
    abort();
}

__attribute__((constructor)) static void begin(void) {
    const char *log = getenv("UPCS_RECORD_LOG");
    below = getenv("UPCS_RECORD_BELOW");
    if (!log || !*log || !below) return;
    log_fd = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_APPEND | O_CLOEXEC, 0);
    if (log_fd < 0) stop("the log cannot be opened");
}

/* Whether a path lies in, or is, one of the folders. The shared memory of SQLite's WAL is no file that a power
 * cut could leave: it is made anew. */
static int is_watched(const char *path) {
    size_t length = strlen(path);
    if (length > 4 && strcmp(path + length - 4, "-shm") == 0) return 0;
    for (const char *one = below; *one;) {
        size_t bytes = strcspn(one, ":");
        if (bytes && strncmp(path, one, bytes) == 0 && (path[bytes] == '/' || path[bytes] == 0)) return 1;
        one += bytes + (one[bytes] == ':');
    }
    return 0;
}

/* What an open descriptor is; its path is the one that it has now. */
static int look(int fd, struct at *at) {
    struct stat about;
    int before = errno;
    at->kind = OTHER;
    at->path[0] = 0;
    if (log_fd < 0 || fd < 0 || fstat(fd, &about) != 0) goto done;
    at->file = (uint64_t)about.st_ino;
    if (S_ISSOCK(about.st_mode)) {
        int type = 0;
        socklen_t bytes = sizeof type;
        if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &bytes) == 0 && type == SOCK_STREAM) at->kind = A_SOCKET;
    } else if (S_ISREG(about.st_mode) || S_ISDIR(about.st_mode)) {
        char link[64];
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t bytes = readlink(link, at->path, sizeof at->path - 1);
        if (bytes < 0) stop("a path cannot be read");
        at->path[bytes] = 0;
        if (is_watched(at->path)) at->kind = S_ISREG(about.st_mode) ? A_FILE : A_FOLDER;
    }
done:
    errno = before;
    return at->kind;
}

static char *put(char *to, const void *from, size_t bytes) {
    memcpy(to, from, bytes);
    return to + bytes;
}

/* Appends one record whole. The lock is held. */
static void record(enum operation operation, uint64_t file, uint64_t place, const char *path,
                   const struct iovec *parts, int count, size_t most) {
    int before = errno;
    size_t held = 0;
    for (int i = 0; i < count; i++) held += parts[i].iov_len;
    if (held > most) held = most;
    uint32_t path_bytes = path ? (uint32_t)strlen(path) : 0, process = (uint32_t)getpid();
    uint32_t follow = (uint32_t)(4 + 1 + 8 + 8 + 4 + path_bytes + held);
    uint8_t code = (uint8_t)operation;
    char *bytes = malloc(4 + (size_t)follow), *end = bytes;
    if (!bytes) stop("no memory");
    end = put(end, &follow, 4);
    end = put(end, &process, 4);
    end = put(end, &code, 1);
    end = put(end, &file, 8);
    end = put(end, &place, 8);
    end = put(end, &path_bytes, 4);
    end = put(end, path, path_bytes);
    for (int i = 0; i < count && held > 0; i++) {
        size_t part = parts[i].iov_len < held ? parts[i].iov_len : held;
        end = put(end, parts[i].iov_base, part);
        held -= part;
    }
    if (syscall(SYS_write, log_fd, bytes, (size_t)(end - bytes)) != end - bytes) stop("the log is full");
    free(bytes);
    errno = before;
}

static void record_name(enum operation operation, const char *path) {
    record(operation, 0, 0, path, NULL, 0, 0);
}

/* ---- Names ---- */

/* The absolute path of a name, links of its folder followed; 0 if there is no such folder. */
static int absolute(int folder, const char *name, char *path) {
    char joined[PATH_MAX], parent[PATH_MAX] = "", link[64];
    int before = errno, found = 0;
    const char *slash = "/";
    if (name[0] == '/') {
        slash = "";
    } else if (folder == AT_FDCWD) {
        if (!getcwd(parent, sizeof parent)) goto done;
    } else {
        snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
        ssize_t bytes = readlink(link, parent, sizeof parent - 1);
        if (bytes < 0) goto done;
        parent[bytes] = 0;
    }
    if (strlen(parent) + strlen(name) + 2 > sizeof joined) goto done;
    strcpy(stpcpy(stpcpy(joined, parent), slash), name);
    char *last = strrchr(joined, '/');
    *last = 0;
    if (!realpath(*joined ? joined : "/", path) || strlen(path) + strlen(last + 1) + 2 > PATH_MAX) goto done;
    strcat(strcat(path, "/"), last + 1);
    found = 1;
done:
    errno = before;
    return found;
}

static int is_there(int folder, const char *name) {
    struct stat about;
    int before = errno, found = fstatat(folder, name, &about, 0) == 0;
    errno = before;
    return found;
}

static int opened(int folder, const char *name, int flags, mode_t mode) {
    if (log_fd < 0 || !(flags & (O_CREAT | O_TRUNC))) return (int)syscall(SYS_openat, folder, name, flags, mode);
    pthread_mutex_lock(&lock);
    int was_there = is_there(folder, name);
    int fd = (int)syscall(SYS_openat, folder, name, flags, mode);
    struct at at;
    if (fd >= 0 && look(fd, &at) == A_FILE) {
        if (!was_there) record(MADE, at.file, 0, at.path, NULL, 0, 0);
        else if (flags & O_TRUNC) record(CUT, at.file, 0, at.path, NULL, 0, 0);
    }
    pthread_mutex_unlock(&lock);
    return fd;
}

#define MODE(flags, mode)                              \
    mode_t mode = 0;                                   \
    if ((flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE) { \
        va_list more;                                  \
        va_start(more, flags);                         \
        mode = (mode_t)va_arg(more, int);              \
        va_end(more);                                  \
    }

int open(const char *name, int flags, ...) {
    MODE(flags, mode)
    return opened(AT_FDCWD, name, flags, mode);
}

int open64(const char *name, int flags, ...) {
    MODE(flags, mode)
    return opened(AT_FDCWD, name, flags | O_LARGEFILE, mode);
}

int openat(int folder, const char *name, int flags, ...) {
    MODE(flags, mode)
    return opened(folder, name, flags, mode);
}

int openat64(int folder, const char *name, int flags, ...) {
    MODE(flags, mode)
    return opened(folder, name, flags | O_LARGEFILE, mode);
}

int creat(const char *name, mode_t mode) { return opened(AT_FDCWD, name, O_CREAT | O_WRONLY | O_TRUNC, mode); }

int creat64(const char *name, mode_t mode) { return creat(name, mode); }

/* Does something to one name and records it if it was done. */
#define NAMED(operation, folder, name, done)                              \
    char path[PATH_MAX];                                                  \
    if (log_fd < 0) return (int)(done);                                   \
    pthread_mutex_lock(&lock);                                            \
    int watched = absolute(folder, name, path) && is_watched(path);       \
    int result = (int)(done);                                             \
    if (result == 0 && watched) record_name(operation, path);             \
    pthread_mutex_unlock(&lock);                                          \
    return result;

int unlinkat(int folder, const char *name, int flags) {
    NAMED(REMOVED, folder, name, syscall(SYS_unlinkat, folder, name, flags))
}

int unlink(const char *name) { return unlinkat(AT_FDCWD, name, 0); }

int rmdir(const char *name) { return unlinkat(AT_FDCWD, name, AT_REMOVEDIR); }

int mkdirat(int folder, const char *name, mode_t mode) {
    NAMED(MADE_FOLDER, folder, name, syscall(SYS_mkdirat, folder, name, mode))
}

int mkdir(const char *name, mode_t mode) { return mkdirat(AT_FDCWD, name, mode); }

int linkat(int from_folder, const char *from, int folder, const char *name, int flags) {
    NAMED(UNKNOWN, folder, name, syscall(SYS_linkat, from_folder, from, folder, name, flags))
}

int link(const char *from, const char *name) { return linkat(AT_FDCWD, from, AT_FDCWD, name, 0); }

int symlinkat(const char *to, int folder, const char *name) {
    NAMED(UNKNOWN, folder, name, syscall(SYS_symlinkat, to, folder, name))
}

int symlink(const char *to, const char *name) { return symlinkat(to, AT_FDCWD, name); }

/* A rename across the border of the folders is not understood. */
int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags) {
    char was[PATH_MAX], is[PATH_MAX];
    if (log_fd < 0) return (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
    pthread_mutex_lock(&lock);
    int left = absolute(from_folder, from, was) && is_watched(was);
    int arrived = absolute(to_folder, to, is) && is_watched(is);
    int result = (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
    struct iovec new_name = {is, strlen(is)};
    if (result == 0 && left && arrived && flags == 0) record(RENAMED, 0, 0, was, &new_name, 1, new_name.iov_len);
    else if (result == 0 && (left || arrived)) record_name(UNKNOWN, left ? was : is);
    pthread_mutex_unlock(&lock);
    return result;
}

int renameat(int from_folder, const char *from, int to_folder, const char *to) {
    return renameat2(from_folder, from, to_folder, to, 0);
}

int rename(const char *from, const char *to) { return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0); }

/* ---- Bytes ---- */

/* Writes under the lock; `place` below 0 means where the descriptor stands, which is asked afterwards, so that
 * appends need no rule of their own. */
#define WRITTEN(fd, place, parts, count, done)                                                       \
    struct at at;                                                                                    \
    enum kind kind = look(fd, &at);                                                                  \
    if (kind == OTHER || kind == A_FOLDER) return (ssize_t)(done);                                   \
    pthread_mutex_lock(&lock);                                                                       \
    if (kind == A_SOCKET) {                                                                          \
        record(SENT, 0, 0, NULL, parts, count, SIZE_MAX);                                            \
        pthread_mutex_unlock(&lock);                                                                 \
        return (ssize_t)(done);                                                                      \
    }                                                                                                \
    ssize_t result = (ssize_t)(done);                                                                \
    if (result > 0) {                                                                                \
        int64_t from = (place) < 0 ? (int64_t)lseek(fd, 0, SEEK_CUR) - result : (int64_t)(place);    \
        record(WROTE, at.file, (uint64_t)from, at.path, parts, count, (size_t)result);               \
    }                                                                                                \
    pthread_mutex_unlock(&lock);                                                                     \
    return result;

ssize_t write(int fd, const void *bytes, size_t count) {
    struct iovec part = {(void *)bytes, count};
    WRITTEN(fd, -1, &part, 1, syscall(SYS_write, fd, bytes, count))
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    WRITTEN(fd, -1, parts, count, syscall(SYS_writev, fd, parts, count))
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t place) {
    struct iovec part = {(void *)bytes, count};
    WRITTEN(fd, place, &part, 1, syscall(SYS_pwrite64, fd, bytes, count, place))
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t place) { return pwrite64(fd, bytes, count, place); }

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t place) {
    WRITTEN(fd, place, parts, count, syscall(SYS_pwritev, fd, parts, count, place, 0))
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t place) {
    return pwritev64(fd, parts, count, place);
}

ssize_t sendto(int fd, const void *bytes, size_t count, int flags, const struct sockaddr *to, socklen_t to_bytes) {
    struct iovec part = {(void *)bytes, count};
    WRITTEN(fd, -1, &part, 1, syscall(SYS_sendto, fd, bytes, count, flags, to, to_bytes))
}

ssize_t send(int fd, const void *bytes, size_t count, int flags) { return sendto(fd, bytes, count, flags, NULL, 0); }

ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
    WRITTEN(fd, -1, message->msg_iov, (int)message->msg_iovlen, syscall(SYS_sendmsg, fd, message, flags))
}

/* Does something to an open file and records it if it was done. */
#define DONE(fd, operation, place, done)                                              \
    struct at at;                                                                     \
    enum kind kind = look(fd, &at);                                                   \
    if (kind != A_FILE && kind != A_FOLDER) return (int)(done);                       \
    pthread_mutex_lock(&lock);                                                        \
    int result = (int)(done);                                                         \
    if (result == 0) record(operation, at.file, place, at.path, NULL, 0, 0);          \
    pthread_mutex_unlock(&lock);                                                      \
    return result;

int fsync(int fd) { DONE(fd, kind == A_FOLDER ? SYNCED_FOLDER : SYNCED, 0, syscall(SYS_fsync, fd)) }

int fdatasync(int fd) { DONE(fd, kind == A_FOLDER ? SYNCED_FOLDER : SYNCED, 0, syscall(SYS_fdatasync, fd)) }

int ftruncate64(int fd, off64_t bytes) { DONE(fd, CUT, (uint64_t)bytes, syscall(SYS_ftruncate, fd, bytes)) }

int ftruncate(int fd, off_t bytes) { return ftruncate64(fd, bytes); }

int fallocate64(int fd, int mode, off64_t from, off64_t bytes) {
    DONE(fd, UNKNOWN, 0, syscall(SYS_fallocate, fd, mode, from, bytes))
}

int fallocate(int fd, int mode, off_t from, off_t bytes) { return fallocate64(fd, mode, from, bytes); }

int posix_fallocate64(int fd, off64_t from, off64_t bytes) { return fallocate64(fd, 0, from, bytes) ? errno : 0; }

int posix_fallocate(int fd, off_t from, off_t bytes) { return posix_fallocate64(fd, from, bytes); }

/* ---- Ways of writing that are not understood: the reader fails if one of the files was written so ---- */

static void not_understood(int fd) {
    struct at at;
    if (look(fd, &at) != A_FILE) return;
    pthread_mutex_lock(&lock);
    record_name(UNKNOWN, at.path);
    pthread_mutex_unlock(&lock);
}

ssize_t copy_file_range(int from, off64_t *from_place, int to, off64_t *to_place, size_t bytes, unsigned flags) {
    not_understood(to);
    return (ssize_t)syscall(SYS_copy_file_range, from, from_place, to, to_place, bytes, flags);
}

ssize_t sendfile64(int to, int from, off64_t *place, size_t bytes) {
    not_understood(to);
    return (ssize_t)syscall(SYS_sendfile, to, from, place, bytes);
}

ssize_t sendfile(int to, int from, off_t *place, size_t bytes) { return sendfile64(to, from, place, bytes); }
