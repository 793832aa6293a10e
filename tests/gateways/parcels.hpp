#pragma once

#include <deque>
#include <mutex>

#include "gateways/rest/caller.hpp"
#include "gateways/rest/json_reader.hpp"
#include "gateways/rest/peers.hpp"
#include "gateways/rest/question.hpp"
#include "tests/net/support.hpp"

/// A gateway as small as one can be, to a service that is nobody's: parcels are asked for by their
/// number. It shares nothing with Clubify but gateways/rest.
namespace vitrine::parcels {

namespace asio = boost::asio;

struct Account {
    TenantId tenant;
    net::BaseUrl base;
    std::string user, password;
    std::string key;  // instead of both: sent with each request, and nobody signs in
};

class Office : public rest::Peer {
public:
    explicit Office(const Account& account)
        : Peer(account.tenant, account.base), account_(account) {}

    bool is_for(const Account& account) const {
        return base == account.base && account_.user == account.user &&
               account_.password == account.password && account_.key == account.key;
    }
    Term name() const override { return {"the parcel office", "a central de encomendas"}; }
    std::optional<net::Request> sign_in() const override {
        if (!account_.key.empty()) return std::nullopt;
        net::Request request;
        request.method = "POST";
        request.target = "/login";
        request.headers.add("Content-Type", "application/x-www-form-urlencoded");
        request.body = "user=" + account_.user + "&password=" + account_.password;
        return request;
    }
    std::optional<rest::Token> token_in(const JsonText& answer) const override {
        const auto json = rest::Json::parse(answer.text);
        rest::Token token{rest::text_of(json, {"pass"}), {}};
        token.lifetime = std::chrono::minutes(rest::integer_of(json, {"minutes"}).value_or(0));
        return token.text.empty() ? std::nullopt : std::optional(std::move(token));
    }
    net::Request request(rest::Call call, const std::string& token) const override {
        net::Request request;
        request.method = std::move(call.method);
        request.target = std::move(call.path);
        request.headers.add("X-Pass", account_.key.empty() ? token : account_.key);
        request.body = std::move(call.body.text);
        return request;
    }
    std::vector<std::string_view> secrets() const override {
        return {account_.password, account_.key};
    }

private:
    Account account_;
};

/// What is asked and answered, typed.
class Parcels {
public:
    /// `clock`: also the one that the service's announcements go by.
    Parcels(asio::any_io_executor loop, rest::Options options, const Clock& clock) {
        options.machine = clock;
        caller = std::make_shared<rest::Caller>(std::move(loop), std::move(options), clock);
    }

    asio::awaitable<rest::Result<rest::Answer>> send(Account account, rest::Call call) {
        return rest::Caller::send(caller, peers_.of(account), std::move(call), {});
    }
    /// Where the parcel is; nullopt: nobody knows it.
    asio::awaitable<rest::Result<std::optional<std::string>>> where(
        Account account, std::string number
    ) {
        rest::Call call;
        call.method = "GET";
        call.path = "/parcels/" + number;
        const auto answer = co_await send(std::move(account), std::move(call));
        co_return rest::found<std::string>(answer, [](const JsonText& body) {
            auto place = rest::text_of(rest::Json::parse(body.text), {"at"});
            return place.empty() ? std::nullopt : std::optional(std::move(place));
        });
    }

    std::shared_ptr<rest::Caller> caller;

private:
    rest::Peers<Office> peers_;
};

/// The service: everyone is let in, parcels are answered by a script, else with where they are.
class Service {
public:
    Service() : server_([this](net::Request request) { return answer(std::move(request)); }) {}

    static net::Response response(int status, std::string body) {
        net::Response response;
        response.status = status;
        response.headers.add("Content-Type", "application/json");
        response.body = std::move(body);
        return response;
    }
    void next(net::Response response) {
        const std::scoped_lock lock(mutex_);
        script_.push_back(std::move(response));
    }
    std::vector<net::Request> requests() const {
        const std::scoped_lock lock(mutex_);
        return requests_;
    }
    std::vector<net::Request> logins() const {
        const std::scoped_lock lock(mutex_);
        return logins_;
    }
    Account account(std::string tenant = "acme") const {
        return {TenantId(std::move(tenant)), server_.url(), "ana", "s3cr3t-word", {}};
    }

private:
    asio::awaitable<net::Response> answer(net::Request request) {
        const std::scoped_lock lock(mutex_);
        if (request.target == "/login") {
            logins_.push_back(std::move(request));
            const auto pass = "pass-" + std::to_string(logins_.size());
            co_return response(200, R"({"pass":")" + pass + R"(","minutes":60})");
        }
        requests_.push_back(std::move(request));
        if (script_.empty()) co_return response(200, R"({"at":"Lisbon"})");
        auto given = std::move(script_.front());
        script_.pop_front();
        co_return given;
    }

    mutable std::mutex mutex_;
    std::deque<net::Response> script_;
    std::vector<net::Request> requests_, logins_;
    net::testing::TestServer server_;
};

}  // namespace vitrine::parcels
