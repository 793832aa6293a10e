#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "core/time.hpp"
#include "net/http.hpp"

namespace vitrine::sandbox {

/// What was received below /api/v1 and beside it, in order: the newest 100,000 requests, of at most
/// 256 MiB of bodies. Never the Authorization header; API keys and tokens in the bodies of
/// authentication calls are masked.
class RequestLog {
public:
    void add(const net::Request& request, const net::Target& target, bool is_auth, Timestamp time);
    void clear();

    /// `{"requests":[{seq,time,method,path,query,headers,body}…],"total":N,"dropped":N}`
    std::string to_json() const;

private:
    struct Entry {
        std::uint64_t number{};
        Timestamp time{};
        std::string method{};
        std::string path{};
        std::vector<std::pair<std::string, std::string>> query{};
        std::vector<std::pair<std::string, std::string>> headers{};
        std::string body{};
        bool is_auth{};
    };

    std::deque<Entry> entries_;
    std::size_t body_bytes_ = 0;
    std::uint64_t total_ = 0;
};

}  // namespace vitrine::sandbox
