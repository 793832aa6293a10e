#pragma once

#include <deque>
#include <mutex>

#include "gateways/clubify/clubify.hpp"
#include "tests/net/support.hpp"

namespace vitrine::clubify::testing {

inline const std::string api_key = "clb_test_0123456789abcdef0123456789abcdef";

inline net::Response json_answer(int status, std::string body) {
    net::Response response;
    response.status = status;
    response.headers.add("Content-Type", "application/json");
    response.body = std::move(body);
    return response;
}

/// A platform that signs everyone in and answers calls from a script: by "METHOD target", else in
/// order.
class Platform {
public:
    Platform() : server_([this](net::Request request) { return answer(std::move(request)); }) {}

    /// The answer to the next call that is no sign-in.
    void next(net::Response response) {
        const std::scoped_lock lock(mutex_);
        answers_.push_back(std::move(response));
    }
    void next_sign_in(net::Response response) {
        const std::scoped_lock lock(mutex_);
        sign_ins_.push_back(std::move(response));
    }

    /// The same for as many calls as one call to the gateway may take to give up.
    void fail(const net::Response& response) {
        for (int i = 0; i < RetryOptions().attempts; ++i) next(response);
    }

    /// Calls received, sign-ins left out.
    std::vector<net::Request> calls() const {
        const std::scoped_lock lock(mutex_);
        return calls_;
    }
    std::vector<net::Request> signed_in() const {
        const std::scoped_lock lock(mutex_);
        return signed_in_;
    }

    Account account(std::string tenant = "acme") const {
        Account account;
        account.tenant = TenantId(std::move(tenant));
        account.base = server_.url();
        account.base.prefix = "/api/v1";
        account.api_key = api_key;
        account.tenant_id = "65f000000000000000000001";
        account.organization_id = "65f0000000000000000000aa";
        return account;
    }

private:
    asio::awaitable<net::Response> answer(net::Request request) {
        const std::scoped_lock lock(mutex_);
        const bool sign_in = request.target == "/api/v1/auth/api-key/token";
        auto& script = sign_in ? sign_ins_ : answers_;
        (sign_in ? signed_in_ : calls_).push_back(std::move(request));
        net::Response response = json_answer(200, "{}");
        if (sign_in) {
            const std::string token = "token-" + std::to_string(signed_in_.size());
            response.body = R"({"access_token":")" + token + R"(","expires_in":3600})";
        }
        if (!script.empty()) {
            response = std::move(script.front());
            script.pop_front();
        }
        co_return response;
    }

    mutable std::mutex mutex_;
    std::deque<net::Response> answers_;
    std::deque<net::Response> sign_ins_;
    std::vector<net::Request> calls_;
    std::vector<net::Request> signed_in_;
    net::testing::TestServer server_;
};

/// The gateway on a loop and a clock that the test holds.
struct Gateway {
    explicit Gateway(Options options = hasty())
        : clubify(loop.get_executor(), by_its_clock(std::move(options)), [this] { return now; }) {}

    /// Hardly a pause between attempts.
    static Options hasty() {
        Options options;
        options.retry.backoff.first = std::chrono::milliseconds(1);
        return options;
    }

    template <class T>
    T run(asio::awaitable<T> work) {
        return net::testing::run(loop, std::move(work));
    }

    Options by_its_clock(Options options) {
        options.machine = [this] { return now; };
        return options;
    }

    asio::io_context loop;
    Timestamp now = Timestamp(std::chrono::seconds(1'300'000'000));
    Clubify clubify;
};

inline Call call_of(std::string method, std::string path, std::string body = {}) {
    Call call;
    call.method = std::move(method);
    call.path = std::move(path);
    call.body = JsonText(std::move(body));
    return call;
}

}  // namespace vitrine::clubify::testing
