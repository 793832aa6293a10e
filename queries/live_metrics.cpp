#include "queries/live_metrics.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>
#include <exception>

#include "queries/live_cache.hpp"

namespace vitrine::queries {
namespace {

using clubify::Account;
using clubify::CallError;
using clubify::CheckoutUrl;
using clubify::OfferStats;
using BatchStats = std::map<ClubifyId, OfferStats>;
using Status = LiveFigures::Status;

/// The platform tells of no more in one call.
constexpr std::size_t offers_of_a_call = 100;

/// The answers of several calls, told when the last one is there.
struct Gathered {
    using Figures = std::map<ClubifyId, LiveFigures>;

    Gathered(std::size_t calls, Completion<Figures> then) : missing(calls), done(std::move(then)) {}

    void add(Figures more) {
        figures.merge(more);
        if (--missing == 0) done(std::move(figures));
    }

    std::size_t missing;
    Completion<Figures> done;
    Figures figures;
};

/// The parts of a key cannot contain the separator: it is not valid in any of them.
std::string key_of(std::initializer_list<std::string_view> parts) {
    std::string key;
    for (const auto part : parts) {
        key += part;
        key += '\0';
    }
    return key;
}

std::string join(const std::vector<std::string>& parts) {
    std::string joined;
    for (const auto& part : parts) joined += part + ',';
    return joined;
}

CallError no_account() {
    CallError error;
    error.kind = CallError::Kind::credentials;
    error.message = {
        "the tenant has no Clubify credentials", "o tenant não tem credenciais da Clubify"
    };
    return error;
}

LiveFailure failure_of(const CallError& error) {
    switch (error.kind) {
        case CallError::Kind::refused:
            return error.status == 404 ? LiveFailure::missing_on_clubify : LiveFailure::refused;
        case CallError::Kind::credentials:
            return LiveFailure::credentials;
        case CallError::Kind::unavailable:
            return LiveFailure::failing;
        case CallError::Kind::not_sent:
            return error.retry_after ? LiveFailure::held_back : LiveFailure::unreachable;
        case CallError::Kind::unknown:
            break;
    }
    return LiveFailure::no_answer;
}

Phrase reason_of(const CallError& error) {
    if (!error.message.empty()) return error.message;
    switch (error.kind) {
        case CallError::Kind::refused:
            return {"the platform refused", "a plataforma recusou"};
        case CallError::Kind::credentials:
            return {
                "the platform does not accept the credentials",
                "a plataforma não aceita as credenciais"
            };
        case CallError::Kind::unavailable:
            return {"the platform is not available", "a plataforma não está disponível"};
        case CallError::Kind::not_sent:
            return {"the platform cannot be reached", "não se alcança a plataforma"};
        case CallError::Kind::unknown:
            return {"the platform did not answer in time", "a plataforma não respondeu a tempo"};
    }
    return {};
}

std::optional<CallError> unexpected_failure(std::exception_ptr error) {
    if (!error) return std::nullopt;
    CallError failure;
    failure.kind = CallError::Kind::unknown;
    try {
        std::rethrow_exception(error);
    } catch (const std::exception& thrown) {
        failure.message = Phrase::as_is(thrown.what());
    }
    return failure;
}

}  // namespace

class LiveMetrics::Impl : public std::enable_shared_from_this<LiveMetrics::Impl> {
public:
    Impl(
        asio::any_io_executor loop,
        clubify::Clubify& clubify,
        clubify::Accounts accounts,
        LiveOptions options
    )
        : loop_(std::move(loop)),
          clubify_(clubify),
          accounts_(std::move(accounts)),
          options_(std::move(options)),
          stats_(options_.entries, options_.clock),
          batches_(std::max<std::size_t>(options_.entries / 100, 1), options_.clock),
          urls_(options_.entries, options_.clock) {}

    const asio::any_io_executor& loop() const { return loop_; }

    void ask(
        TenantId tenant,
        ClubifyId offer,
        std::string period,
        std::vector<std::string> include,
        Completion<LiveFigures> done
    ) {
        std::ranges::sort(include);
        const auto key = key_of({tenant.view(), offer.view(), period, join(include)});
        auto answer = [this, done = std::move(done)](Looked<OfferStats> looked) mutable {
            auto figures = head_of(looked);
            if (figures.status != Status::unavailable) figures.stats = std::move(looked.value);
            done(std::move(figures));
        };
        stats_.look(key, figures_keep(), std::move(answer), [&] {
            fetch(stats_, key, tenant, [&](Account account) {
                return clubify_.offer_stats(
                    std::move(account), offer, period, include, options_.deadline
                );
            });
        });
    }

    void ask_many(
        TenantId tenant,
        std::vector<ClubifyId> offers,
        std::string period,
        Completion<std::map<ClubifyId, LiveFigures>> done
    ) {
        std::ranges::sort(offers);
        const auto repeated = std::ranges::unique(offers);
        offers.erase(repeated.begin(), repeated.end());
        const auto parts = (offers.size() + offers_of_a_call - 1) / offers_of_a_call;
        auto gathered = std::make_shared<Gathered>(parts, std::move(done));
        for (std::size_t begin = 0; begin < offers.size(); begin += offers_of_a_call) {
            const auto first = offers.begin() + static_cast<std::ptrdiff_t>(begin);
            const auto count = std::min(offers_of_a_call, offers.size() - begin);
            ask_part(
                tenant,
                {first, first + static_cast<std::ptrdiff_t>(count)},
                period,
                [gathered](std::map<ClubifyId, LiveFigures> figures) {
                    gathered->add(std::move(figures));
                }
            );
        }
        if (parts == 0) gathered->done({});
    }

    /// Of so many as one call tells of.
    void ask_part(
        const TenantId& tenant,
        std::vector<ClubifyId> offers,
        const std::string& period,
        Completion<std::map<ClubifyId, LiveFigures>> done
    ) {
        auto key = key_of({tenant.view(), period});
        for (const auto& offer : offers) key += key_of({offer.view()});
        auto answer = [this, offers, done = std::move(done)](Looked<BatchStats> looked) mutable {
            done(spread(offers, looked));
        };
        batches_.look(key, figures_keep(), std::move(answer), [&] {
            fetch(batches_, key, tenant, [&](Account account) {
                return clubify_.offers_stats(std::move(account), offers, period, options_.deadline);
            });
        });
    }

    void ask_url(
        TenantId tenant,
        ClubifyId offer,
        clubify::UtmParams utm,
        Completion<clubify::Result<CheckoutUrl>> done
    ) {
        const auto key = key_of(
            {tenant.view(),
             offer.view(),
             utm.source,
             utm.medium,
             utm.campaign,
             utm.term,
             utm.content}
        );
        auto answer = [done = std::move(done)](Looked<CheckoutUrl> looked) mutable {
            // A link that was good once is as good as a new one.
            if (looked.value) {
                done(std::move(*looked.value));
            } else {
                done(std::unexpected(std::move(*looked.error)));
            }
        };
        // A refusal may be over as soon as the offer is published: none is kept.
        const Freshness keep{options_.urls_fresh, options_.urls_fresh, {}};
        urls_.look(key, keep, std::move(answer), [&] {
            fetch(urls_, key, tenant, [&](Account account) {
                return clubify_.generate_url(std::move(account), offer, utm, options_.deadline);
            });
        });
    }

    std::vector<CacheFigures> caches() const {
        return {
            stats_.figures("offer_figures"),
            batches_.figures("offers_figures"),
            urls_.figures("checkout_urls")
        };
    }

private:
    Freshness figures_keep() const { return {options_.refresh, options_.fresh, options_.failed}; }

    template <class T, class Start>
    void fetch(LiveCache<T>& cache, std::string key, const TenantId& tenant, Start start) {
        auto account = accounts_(tenant);
        if (!account) {
            cache.finish(key, std::unexpected(no_account()));
            return;
        }
        asio::co_spawn(
            loop_,
            start(std::move(*account)),
            [self = shared_from_this(),
             &cache,
             key = std::move(key)](std::exception_ptr error, clubify::Result<T> result) {
                if (auto failure = unexpected_failure(error)) {
                    result = std::unexpected(std::move(*failure));
                }
                cache.finish(key, std::move(result));
            }
        );
    }

    /// Status, time and reason; the figures are the caller's.
    template <class T>
    LiveFigures head_of(const Looked<T>& looked) const {
        LiveFigures figures;
        if (looked.error) {
            figures.failure = failure_of(*looked.error);
            figures.reason = reason_of(*looked.error);
        }
        const auto age = options_.clock() - looked.asked_at;
        if (!looked.value || (looked.error && age > options_.stale)) return figures;
        figures.status = looked.error        ? Status::stale
                         : looked.from_cache ? Status::cached
                                             : Status::live;
        figures.as_of = looked.asked_at;
        return figures;
    }

    std::map<ClubifyId, LiveFigures> spread(
        const std::vector<ClubifyId>& offers, const Looked<BatchStats>& looked
    ) const {
        std::map<ClubifyId, LiveFigures> spread;
        for (const auto& offer : offers) {
            auto figures = head_of(looked);
            if (figures.status != Status::unavailable) {
                const auto found = looked.value->find(offer);
                if (found != looked.value->end()) {
                    figures.stats = found->second;
                } else {
                    figures.status = Status::unavailable;
                    figures.failure = LiveFailure::no_figures;
                    figures.reason = {
                        "the platform has no figures of this offer",
                        "a plataforma não tem números desta oferta"
                    };
                }
            }
            spread.emplace(offer, std::move(figures));
        }
        return spread;
    }

    asio::any_io_executor loop_;
    clubify::Clubify& clubify_;
    clubify::Accounts accounts_;
    LiveOptions options_;
    LiveCache<OfferStats> stats_;
    LiveCache<BatchStats> batches_;
    LiveCache<CheckoutUrl> urls_;
};

std::string_view live_status_name(LiveFigures::Status status) {
    switch (status) {
        case Status::live:
            return "live";
        case Status::cached:
            return "cached";
        case Status::stale:
            return "stale";
        case Status::unavailable:
            return "unavailable";
    }
    return {};
}

std::string_view live_failure_name(LiveFailure failure) {
    switch (failure) {
        case LiveFailure::missing_on_clubify:
            return "missing-on-clubify";
        case LiveFailure::no_figures:
            return "no-figures";
        case LiveFailure::credentials:
            return "credentials";
        case LiveFailure::refused:
            return "refused";
        case LiveFailure::failing:
            return "failing";
        case LiveFailure::unreachable:
            return "unreachable";
        case LiveFailure::held_back:
            return "held-back";
        case LiveFailure::no_answer:
            return "no-answer";
    }
    return {};
}

LiveMetrics::LiveMetrics(
    asio::any_io_executor main_loop,
    clubify::Clubify& clubify,
    clubify::Accounts accounts,
    LiveOptions options
)
    : impl_(std::make_shared<Impl>(
          std::move(main_loop), clubify, std::move(accounts), std::move(options)
      )) {}

LiveMetrics::~LiveMetrics() = default;

std::vector<CacheFigures> LiveMetrics::caches() const {
    return impl_->caches();
}

void LiveMetrics::ask(
    TenantId tenant,
    ClubifyId offer,
    std::string period,
    std::vector<std::string> include,
    Completion<LiveFigures> done
) {
    asio::dispatch(
        impl_->loop(),
        [impl = impl_,
         tenant = std::move(tenant),
         offer = std::move(offer),
         period = std::move(period),
         include = std::move(include),
         done = std::move(done)]() mutable {
            impl->ask(
                std::move(tenant),
                std::move(offer),
                std::move(period),
                std::move(include),
                std::move(done)
            );
        }
    );
}

void LiveMetrics::ask_many(
    TenantId tenant,
    std::vector<ClubifyId> offers,
    std::string period,
    Completion<std::map<ClubifyId, LiveFigures>> done
) {
    asio::dispatch(
        impl_->loop(),
        [impl = impl_,
         tenant = std::move(tenant),
         offers = std::move(offers),
         period = std::move(period),
         done = std::move(done)]() mutable {
            impl->ask_many(
                std::move(tenant), std::move(offers), std::move(period), std::move(done)
            );
        }
    );
}

void LiveMetrics::ask_url(
    TenantId tenant,
    ClubifyId offer,
    clubify::UtmParams utm,
    Completion<clubify::Result<CheckoutUrl>> done
) {
    asio::dispatch(
        impl_->loop(),
        [impl = impl_,
         tenant = std::move(tenant),
         offer = std::move(offer),
         utm = std::move(utm),
         done = std::move(done)]() mutable {
            impl->ask_url(std::move(tenant), std::move(offer), std::move(utm), std::move(done));
        }
    );
}

}  // namespace vitrine::queries
