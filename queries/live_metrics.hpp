#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <expected>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/async.hpp"
#include "core/ids.hpp"
#include "core/phrase.hpp"
#include "core/time.hpp"
#include "gateways/clubify/clubify.hpp"
#include "queries/cache_figures.hpp"

namespace vitrine::queries {

struct LiveOptions {
    std::chrono::milliseconds deadline{2000};  // of the platform's part of an answer
    std::chrono::milliseconds refresh{3000};   // an older answer is asked for anew as it is used
    std::chrono::milliseconds fresh{5000};     // so long an answer is used again
    std::chrono::milliseconds failed{1000};    // so long a failure is not tried again
    std::chrono::milliseconds stale{600'000};  // so long it may stand in while the platform is down
    std::chrono::milliseconds urls_fresh{600'000};
    std::size_t entries = 10'000;  // of figures and of URLs, over all tenants
    Clock clock = system_clock();
};

/// Why the platform has no newer figures.
enum class LiveFailure {
    missing_on_clubify,  // it does not have the offer
    no_figures,          // it told of others, not of this one
    credentials,         // there are none, or it does not accept them
    refused,             // for another reason, which it tells
    failing,             // it answered with an error of its own, or that it is too busy
    unreachable,         // there is no connection
    held_back,           // it was not asked: it has failed too often, or its rate limit is used up
    no_answer,           // it was asked, and nothing came that can be read
};

/// "missing-on-clubify"
std::string_view live_failure_name(LiveFailure failure);

/// Figures of an offer from the platform, and how true they are.
struct LiveFigures {
    enum class Status {
        live,         // asked just now
        cached,       // asked within LiveOptions::fresh
        stale,        // the platform fails; from an earlier answer
        unavailable,  // the platform fails, and there is no earlier answer
    };
    Status status = Status::unavailable;
    Timestamp as_of;  // when the platform gave them; not of unavailable
    std::optional<clubify::OfferStats> stats;
    // Of stale and unavailable:
    LiveFailure failure{};
    Phrase reason;
};

std::string_view live_status_name(LiveFigures::Status status);

/// Live metrics and checkout links of all tenants: coalesced, cached for seconds, bounded.
///
/// Operation: equal questions asked while one is under way share its call. An answer is used again
/// up to `fresh`; from `refresh` on a new one is fetched meanwhile, so that what is asked for all
/// the time never waits. A failure is kept too, for `failed`. Entries are keyed by tenant first.
/// Concurrency: every member but `caches` may be called from any thread; the work runs on the main
/// loop, which must be run by one thread and outlive the calls.
class LiveMetrics {
public:
    LiveMetrics(
        asio::any_io_executor main_loop,
        clubify::Clubify& clubify,
        clubify::Accounts accounts,
        LiveOptions options
    );
    ~LiveMetrics();

    /// `done` is called once, on the main loop. `include` empty: everything.
    void ask(
        TenantId tenant,
        ClubifyId offer,
        std::string period,
        std::vector<std::string> include,
        Completion<LiveFigures> done
    );

    /// One call for all of them, used again for the same set; at most 100 ids.
    void ask_many(
        TenantId tenant,
        std::vector<ClubifyId> offers,
        std::string period,
        Completion<std::map<ClubifyId, LiveFigures>> done
    );

    void ask_url(
        TenantId tenant,
        ClubifyId offer,
        clubify::UtmParams utm,
        Completion<clubify::Result<clubify::CheckoutUrl>> done
    );

    /// Of figures, of figures asked for together, of links. On the main loop.
    std::vector<CacheFigures> caches() const;

private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace vitrine::queries
