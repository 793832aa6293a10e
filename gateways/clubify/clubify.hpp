#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "core/json_text.hpp"
#include "core/time.hpp"
#include "gateways/clubify/account.hpp"
#include "gateways/clubify/call.hpp"
#include "gateways/rest/options.hpp"

namespace vitrine::clubify {

namespace asio = boost::asio;
using rest::Breaker;
using rest::BreakerOptions;
using rest::RetryOptions;
using rest::TenantCalls;

/// What we wrote into `metadata.vitrine` of an offer or product; empty strings when it is not ours.
struct Mark {
    std::string command_id;  // of the command that created it
    std::string edited_by;   // of the last command that edited it
};

struct RemoteOffer {
    ClubifyId id;
    std::string slug;
    std::string name;
    std::string status;  // draft, active, inactive, paused, archived
    Mark mark;
    struct Product {
        ClubifyId id;
        JsonText json;  // as the platform gave it
    };
    std::vector<Product> products;
    JsonText json;
};

struct RemoteProduct {
    ClubifyId id;
    std::string name;
    Mark mark;
    JsonText json;
};

struct ProductPage {
    std::vector<RemoteProduct> products;
    bool last = true;
};

struct TrafficSource {
    std::string source, medium, campaign;
    std::int64_t views = 0, conversions = 0, revenue_cents = 0;
};

/// Live figures of one offer. The platform decides the window of a period.
struct OfferStats {
    std::string period_start, period_end;  // RFC 3339, as the platform gave them; may be empty
    std::string currency;
    std::optional<std::int64_t> views, conversions, orders;
    std::optional<double> conversion_rate;  // percent
    std::optional<std::int64_t> revenue_cents;
    std::optional<std::vector<TrafficSource>> traffic;
};

struct UtmParams {
    std::string source, medium, campaign, term, content;
};

struct CheckoutUrl {
    std::string checkout_url, short_url, qr_code;
};

struct Options : rest::Options {
    std::string user_agent = "ClubifyCheckoutSDK-CPP/0.1.0";
};

/// The platform's HTTP API. rest::Caller says how calls are made, when they are tried again and
/// what their errors mean; look-ups share no answer.
///
/// Concurrency: every member runs on the loop given; not thread-safe. Errors: values.
class Clubify {
public:
    Clubify(asio::any_io_executor loop, Options options, Clock clock);
    ~Clubify();

    /// `deadline` 0 means Options::call_deadline.
    asio::awaitable<Result<Answer>> send(
        Account account, Call call, std::chrono::milliseconds deadline = {}
    );

    // Look-ups. A 404 is nullopt. What they tell is of
    // after they were asked for: they settle what an earlier write has done.
    asio::awaitable<Result<std::optional<RemoteOffer>>> find_offer_by_slug(
        Account account, std::string slug
    );
    asio::awaitable<Result<std::optional<RemoteOffer>>> find_offer(Account account, ClubifyId id);
    asio::awaitable<Result<std::optional<RemoteProduct>>> find_product(
        Account account, ClubifyId id
    );
    asio::awaitable<Result<ProductPage>> list_products(
        Account account, int page
    );  // from 1; 100 a page

    // Live figures and links. `include` empty: all.
    asio::awaitable<Result<OfferStats>> offer_stats(
        Account account,
        ClubifyId id,
        std::string period,
        std::vector<std::string> include,
        std::chrono::milliseconds deadline
    );
    /// At most 100 ids. Ids the platform does not know are missing in the answer.
    asio::awaitable<Result<std::map<ClubifyId, OfferStats>>> offers_stats(
        Account account,
        std::vector<ClubifyId> ids,
        std::string period,
        std::chrono::milliseconds deadline
    );
    asio::awaitable<Result<CheckoutUrl>> generate_url(
        Account account, ClubifyId id, UtmParams utm, std::chrono::milliseconds deadline
    );

    /// GET /health with the account's token: are the credentials good and is the platform up?
    asio::awaitable<Result<Answer>> check(Account account, std::chrono::milliseconds deadline);

    /// Of every tenant that made a call.
    std::vector<TenantCalls> calls() const;

    /// Forgets tokens and closes connections; calls in work end as `unknown`.
    void close();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace vitrine::clubify
