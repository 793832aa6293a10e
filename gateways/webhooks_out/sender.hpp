#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "core/ids.hpp"
#include "core/phrase.hpp"
#include "core/time.hpp"
#include "gateways/webhooks_out/signature.hpp"
#include "gateways/webhooks_out/url.hpp"
#include "net/client.hpp"

namespace vitrine::webhooks_out {

/// What a receiver made of a message.
struct Outcome {
    enum class Kind {
        taken,     // 2xx
        gone,      // 410: it wants no more, for good
        refused,   // another status, a redirection too: that is followed by nobody
        not_sent,  // no byte of it can have arrived
        unknown,   // it left, and no whole answer came
    };
    Kind kind{};
    int status = 0;  // of the answer; 0: there was none
    std::optional<std::chrono::seconds> retry_after = {};
    Phrase detail = {};  // what went wrong; empty when it was taken
    std::chrono::milliseconds took{};
};

struct SenderOptions {
    Receivers receivers = Receivers::of_the_internet;
    std::chrono::milliseconds deadline{15'000};  // of an attempt, the look-up of the name included
    std::chrono::milliseconds connect_timeout{5'000};
    std::uint64_t answer_limit = 256 * 1024;
    std::size_t connections_per_receiver = 64;
};

/// Sends messages to the endpoints of tenants.
///
/// A name is looked up for each connection; if any of its addresses is not one that may be called
/// none is, and only those that were looked at are connected to. Certificates are verified, nothing
/// redirects, no answer is read beyond its limit. Concurrency: on the one loop given.
class Sender {
public:
    Sender(boost::asio::any_io_executor loop, SenderOptions options, Clock clock);

    /// One attempt. `url` is that of the endpoint, judged anew: what is allowed may have changed.
    boost::asio::awaitable<Outcome> send(
        TenantId tenant, std::string url, Message message, Signing signing
    );

    void close() { client_.close(); }

private:
    SenderOptions options_;
    Clock clock_;
    net::Client client_;
};

}  // namespace vitrine::webhooks_out
