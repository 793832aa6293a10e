#include "store/sqlite/file_watch.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace vitrine::store::sqlite {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_pause(1);
constexpr milliseconds last_pause(512);
constexpr milliseconds silence(10'000);  // also for file systems that tell nothing

}  // namespace

FileWatch::FileWatch(const std::filesystem::path& directory)
    : inotify_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)),
      stop_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      pause_(first_pause) {
    // The folder rather than the file: a new WAL comes with each new writer.
    constexpr auto mask = IN_MODIFY | IN_CREATE | IN_MOVED_TO;
    if (!inotify_.is_open() || !stop_.is_open() ||
        ::inotify_add_watch(inotify_.get(), directory.c_str(), mask) < 0) {
        throw_system_error("cannot watch " + directory.string());
    }
}

void FileWatch::wait() {
    const bool settling = pause_ <= last_pause;
    const auto timeout = settling ? pause_ : silence;
    pollfd files[] = {
        {.fd = stop_.get(), .events = POLLIN, .revents = 0},
        {.fd = inotify_.get(), .events = POLLIN, .revents = 0},
    };
    ::poll(files, 2, static_cast<int>(timeout.count()));
    if (drain()) {
        pause_ = first_pause;
    } else if (settling) {
        pause_ *= 2;
    }
}

void FileWatch::found() {
    pause_ = first_pause;
}

/// True: something was written to the log, not to another file of the folder.
bool FileWatch::drain() {
    bool written = false;
    alignas(inotify_event) std::array<char, 4096> buffer{};
    while (true) {
        const auto size = ::read(inotify_.get(), buffer.data(), buffer.size());
        if (size <= 0) return written;
        for (std::ptrdiff_t at = 0; at < size;) {
            const auto* event = reinterpret_cast<const inotify_event*>(buffer.data() + at);
            const std::string_view name = event->len == 0 ? "" : event->name;
            written = written || name == "events.db-wal" || name == "events.db" ||
                      (event->mask & IN_Q_OVERFLOW) != 0;
            at += static_cast<std::ptrdiff_t>(sizeof(inotify_event) + event->len);
        }
    }
}

void FileWatch::stop() {
    const std::uint64_t one = 1;
    // The only way to fail is a counter that is full, which is as good.
    [[maybe_unused]] const auto written = ::write(stop_.get(), &one, sizeof one);
}

}  // namespace vitrine::store::sqlite
