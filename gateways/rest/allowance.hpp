#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "core/time.hpp"
#include "net/http.hpp"

namespace vitrine::rest {

/// What is left of the rate limit that a peer announces to a tenant (X-RateLimit-Limit,
/// -Remaining and -Reset, which is in unix seconds), so that it is kept before it hits.
///
/// Operation: the peer counts a request when it answers, this one when it is sent; so with
/// requests under way it errs on the side of waiting. Concurrency: all on one loop.
class Allowance : public std::enable_shared_from_this<Allowance> {
public:
    /// One request of the allowance, under way as long as this lives.
    class Share {
    public:
        explicit Share(std::shared_ptr<Allowance> allowance) : allowance_(std::move(allowance)) {}
        Share(Share&&) noexcept = default;
        Share& operator=(Share&&) = delete;
        ~Share() {
            if (allowance_) --allowance_->under_way_;
        }

    private:
        std::shared_ptr<Allowance> allowance_;
    };

    /// nullopt: nothing is left before `reset()`.
    std::optional<Share> take(Timestamp now);
    /// When there is something again; known once take() failed.
    Timestamp reset() const { return reset_; }

    /// Reads an answer's headers; those without an announcement say nothing.
    void note(const net::Headers& headers, Timestamp now);

    std::optional<std::int64_t> left() const;

private:
    bool announced_ = false;
    std::int64_t limit_ = 0;
    std::int64_t left_ = 0;
    Timestamp reset_{};
    std::int64_t under_way_ = 0;
};

}  // namespace vitrine::rest
