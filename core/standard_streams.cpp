#include "core/standard_streams.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <iostream>
#include <mutex>
#include <streambuf>
#include <system_error>

#include "core/printable.hpp"

namespace vitrine {
namespace {

/// All of it; 0 or the errno.
int write_all(int descriptor, std::string_view bytes, bool& wrote_any) {
    while (!bytes.empty()) {
        const auto written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            pollfd waited{
                descriptor, POLLOUT, 0
            };  // shared with somebody who does not want to wait
            ::poll(&waited, 1, -1);
            continue;
        }
        if (written < 0) return errno;
        if (written == 0) return EIO;
        wrote_any = true;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return 0;
}

/// How many bytes at its end begin a character that is not complete.
std::size_t incomplete_end(std::string_view text) {
    for (std::size_t back = 1; back <= 3 && back <= text.size(); ++back) {
        const auto byte = static_cast<unsigned char>(text[text.size() - back]);
        if ((byte & 0xC0) == 0x80) continue;
        const std::size_t size = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1;
        return size > back ? back : 0;
    }
    return 0;
}

/// Keeps what is printed until there is much of it or a flush, then writes it as it may be printed.
class Buffer : public std::streambuf {
public:
    static constexpr std::size_t at_once = 1;

    Buffer(int descriptor, std::size_t room) : descriptor_(descriptor), room_(room) {}

    int fault() const { return fault_; }
    bool wrote_any() const { return wrote_any_; }
    void set_fault(int fault) {
        if (fault_ == 0) fault_ = fault;
    }

    /// A character that is cut off at the end is written only when it is complete, or with `all`.
    bool write(bool all) {
        const auto kept = all ? 0 : incomplete_end(held_);
        const auto ready = held_.size() - kept;
        if (fault_ == 0 && ready != 0) {
            fault_ = write_all(descriptor_, printable({held_.data(), ready}), wrote_any_);
        }
        held_.erase(0, ready);
        return fault_ == 0;
    }

protected:
    std::streamsize xsputn(const char* text, std::streamsize size) override {
        const std::scoped_lock lock(mutex_);
        held_.append(text, static_cast<std::size_t>(size));
        if (held_.size() < room_ || write(room_ == at_once)) return size;
        return 0;
    }
    int_type overflow(int_type c) override {
        if (traits_type::eq_int_type(c, traits_type::eof())) return traits_type::not_eof(c);
        const auto byte = traits_type::to_char_type(c);
        return xsputn(&byte, 1) == 1 ? c : traits_type::eof();
    }
    int sync() override {
        const std::scoped_lock lock(mutex_);
        return write(false) ? 0 : -1;
    }

private:
    std::mutex mutex_;
    int descriptor_;
    std::size_t room_;
    std::string held_;
    bool wrote_any_ = false;
    int fault_ = 0;
};

/// Opened so that using it fails as it does on a closed one.
void occupy(int descriptor, int flags) {
    if (::fcntl(descriptor, F_GETFD) >= 0 || errno != EBADF) return;
    const int opened = ::open("/dev/null", flags);
    if (opened < 0 || opened == descriptor) return;
    ::dup2(opened, descriptor);
    ::close(opened);
}

/// Some file systems tell only now that there was no room; 0 or the errno.
int close_fault(int descriptor) {
    const int copy = ::dup(descriptor);
    if (copy < 0) return errno;
    return ::close(copy) == 0 || errno == EINTR ? 0 : errno;
}

std::optional<std::string> fault_of(Buffer& out) {
    if (out.write(true) && out.wrote_any()) out.set_fault(close_fault(STDOUT_FILENO));
    if (out.fault() == 0 || (out.fault() == EPIPE && out.wrote_any())) return std::nullopt;
    return "cannot write the standard output: " + std::generic_category().message(out.fault());
}

}  // namespace

struct StandardStreams::Impl {
    Buffer out{STDOUT_FILENO, 64 * 1024};
    Buffer error{STDERR_FILENO, Buffer::at_once};
    std::streambuf* former_out = nullptr;
    std::streambuf* former_error = nullptr;
};

StandardStreams::StandardStreams() {
    occupy(STDIN_FILENO, O_WRONLY);
    occupy(STDOUT_FILENO, O_RDONLY);
    occupy(STDERR_FILENO, O_WRONLY);
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is a fault like a full disk
    impl_ = std::make_unique<Impl>();
    impl_->former_out = std::cout.rdbuf(&impl_->out);
    impl_->former_error = std::cerr.rdbuf(&impl_->error);
}

StandardStreams::~StandardStreams() {
    finish();
    std::cout.rdbuf(impl_->former_out);
    std::cerr.rdbuf(impl_->former_error);
}

int StandardStreams::exit_code(int code, const std::string& program) {
    const auto fault = finish();
    if (!fault || code != 0) return code;
    std::cerr << program + ": " + *fault + '\n';
    return 1;
}

std::optional<std::string> StandardStreams::finish() {
    return fault_of(impl_->out);
}

std::optional<std::string> output_fault() {
    auto* out = dynamic_cast<Buffer*>(std::cout.rdbuf());
    if (out != nullptr) return fault_of(*out);
    if (std::cout.flush()) return std::nullopt;
    return "cannot write the standard output";
}

bool flush_output() {
    return std::cout.flush().good();
}

void draw_on_terminal(const std::string& text) {
    bool ignored = false;
    write_all(STDERR_FILENO, text, ignored);
}

}  // namespace vitrine
