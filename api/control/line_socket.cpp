#include "api/control/line_socket.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

namespace vitrine::api {
namespace {

constexpr std::size_t longest_line = 1024 * 1024;
constexpr int write_patience_ms = 10'000;

bool wait_for(int descriptor, short events, int milliseconds) {
    pollfd waited{descriptor, events, 0};
    int ready = 0;
    do {
        ready = ::poll(&waited, 1, milliseconds);
    } while (ready < 0 && errno == EINTR);
    return ready > 0;
}

sockaddr_un address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.c_str(), std::min(path.size() + 1, sizeof address.sun_path));
    return address;
}

store::Descriptor make_socket() {
    store::Descriptor made(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!made.is_open()) store::throw_system_error("cannot make a socket");
    return made;
}

}  // namespace

std::optional<std::string> LineSocket::read_line(std::optional<std::chrono::milliseconds> patience
) {
    while (true) {
        if (const auto end = buffer_.find('\n'); end != std::string::npos) {
            auto line = buffer_.substr(0, end);
            buffer_.erase(0, end + 1);
            return line;
        }
        if (buffer_.size() > longest_line) return std::nullopt;
        if (!wait_for(socket_.get(), POLLIN, patience ? static_cast<int>(patience->count()) : -1))
            return std::nullopt;
        char bytes[4096];
        const auto got = ::recv(socket_.get(), bytes, sizeof bytes, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return std::nullopt;
        buffer_.append(bytes, static_cast<std::size_t>(got));
    }
}

bool LineSocket::write_line(std::string line) {
    line += '\n';
    std::string_view rest = line;
    while (!rest.empty()) {
        if (!wait_for(socket_.get(), POLLOUT, write_patience_ms)) return false;
        const auto sent =
            ::send(socket_.get(), rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (sent < 0) return false;
        rest.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

std::optional<uid_t> LineSocket::trusted_peer() const {
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(socket_.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
        return std::nullopt;
    if (peer.uid != ::geteuid() && peer.uid != 0) return std::nullopt;
    return peer.uid;
}

ControlAddress::ControlAddress(const std::filesystem::path& data)
    : directory_(::open(data.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {
    if (!directory_.is_open()) store::throw_system_error("cannot open " + data.string());
}

std::string ControlAddress::path() const {
    return "/proc/self/fd/" + std::to_string(directory_.get()) + "/control.sock";
}

store::Descriptor ControlAddress::listen() const {
    remove();
    auto made = make_socket();
    const auto address = address_of(path());
    // The data directory is closed to others, so nobody comes in between.
    if (::bind(made.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::chmod(path().c_str(), 0600) != 0 || ::listen(made.get(), SOMAXCONN) != 0) {
        store::throw_system_error("cannot listen on control.sock");
    }
    return made;
}

store::Descriptor ControlAddress::connect() const {
    auto made = make_socket();
    const auto address = address_of(path());
    if (::connect(made.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        return {};
    return made;
}

void ControlAddress::remove() const {
    ::unlinkat(directory_.get(), "control.sock", 0);
}

}  // namespace vitrine::api
