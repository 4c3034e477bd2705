/* Writes, stores and forgets to store, one step after another, in the folder named by its argument; says
 * through a socket which step it has come to. What must be left at each word stands in proven.rs. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static int said[2];

static int must(int result) {
    if (result < 0) {
        perror("steps");
        exit(1);
    }
    return result;
}

static void say(const char *word) { must((int)send(said[0], word, strlen(word), 0)); }

static void write_all(int fd, const char *text) { must((int)write(fd, text, strlen(text))); }

static void store_folder(const char *name) {
    int fd = must(open(name, O_RDONLY | O_DIRECTORY));
    must(fsync(fd));
    close(fd);
}

static void new_file(const char *name, const char *text, int store) {
    int fd = must(open(name, O_CREAT | O_WRONLY | O_TRUNC, 0600));
    write_all(fd, text);
    if (store) must(fsync(fd));
    close(fd);
}

int main(int count, char **arguments) {
    if (count != 2) return 2;
    must(chdir(arguments[1]));
    must(socketpair(AF_UNIX, SOCK_STREAM, 0, said));

    new_file("written", "one", 0);
    store_folder(".");
    say("written and not stored");
    new_file("kept", "one", 1);
    say("stored without its name");
    store_folder(".");
    say("stored with its name");

    int kept = must(open("kept", O_WRONLY | O_APPEND));
    write_all(kept, " two");
    say("appended");
    must(fdatasync(kept));
    say("appended and stored");
    close(kept);

    int places = must(open("places", O_CREAT | O_WRONLY, 0600));
    write_all(places, "01234" "56789");
    must((int)pwrite(places, "ab", 2, 2));
    must((int)lseek(places, 6, SEEK_SET));
    struct iovec parts[2] = {{"x", 1}, {"yz", 2}};
    must((int)writev(places, parts, 2));
    must((int)pwritev(places, parts, 2, 12));
    must(fsync(places));
    store_folder(".");
    must(ftruncate(places, 4));
    say("written at places and cut");
    must(fsync(places));
    say("the cut is stored");
    close(places);

    new_file("kept.new", "three", 1);
    must(rename("kept.new", "kept"));
    say("renamed");
    store_folder(".");
    say("the new name is stored");
    must(unlink("kept"));
    say("removed");
    store_folder(".");
    say("the removal is stored");

    must(mkdir("inner", 0700));
    new_file("inner/file", "four", 1);
    store_folder("inner");
    say("in a folder without a name");
    store_folder(".");
    say("in a folder");
    new_file("inner/file", "five", 0);
    say("made empty and written anew");
    return 0;
}
