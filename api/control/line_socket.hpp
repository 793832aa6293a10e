#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "store/descriptor.hpp"

namespace vitrine::api {

/// A Unix socket that carries lines. Blocking; one thread uses it.
class LineSocket {
public:
    explicit LineSocket(store::Descriptor socket) : socket_(std::move(socket)) {}

    /// The next line without its end; nullopt: the peer has closed, or sent nothing for `patience`,
    /// or too much.
    std::optional<std::string> read_line(std::optional<std::chrono::milliseconds> patience);

    /// False: the peer is gone, or has read nothing for long.
    bool write_line(std::string line);

    /// The peer's user, if that is our own or root.
    std::optional<uid_t> trusted_peer() const;

private:
    store::Descriptor socket_;
    std::string buffer_;
};

/// DIR/control.sock. Addresses of Unix sockets are short; a long path of DIR is gone around through
/// /proc.
class ControlAddress {
public:
    /// Throws std::system_error if DIR cannot be opened.
    explicit ControlAddress(const std::filesystem::path& data);

    /// Throws std::system_error. Replaces what a killed server has left.
    store::Descriptor listen() const;
    /// Not open: nobody listens.
    store::Descriptor connect() const;
    void remove() const;

private:
    std::string path() const;
    store::Descriptor directory_;
};

}  // namespace vitrine::api
