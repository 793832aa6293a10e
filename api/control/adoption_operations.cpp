#include "api/control/adoption_operations.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <future>
#include <nlohmann/json.hpp>

#include "api/config/clubify_url.hpp"
#include "api/control/run_on.hpp"
#include "api/keys/accounts.hpp"
#include "api/keys/open_log.hpp"
#include "commands/adoption/adoption.hpp"
#include "commands/problem.hpp"

namespace vitrine::api {
namespace {

namespace asio = boost::asio;
using commands::AdoptionHeard;
using commands::AdoptionRequest;

template <class T>
using Outcome = std::expected<T, std::string>;

template <class T>
Outcome<T> in_words(std::expected<T, commands::Problem> result) {
    if (result) return *std::move(result);
    const auto& problem = result.error();
    const std::string title(commands::problem_type(problem.type).title.english);
    return std::unexpected(
        problem.detail.empty() ? title : title + ": " + problem.detail.english()
    );
}

/// Waits, but not beyond the end of whoever asked.
template <class T>
Outcome<T> wait(
    std::future<std::expected<T, commands::Problem>> future, const Cancelled& cancelled
) {
    if (!is_there(future, cancelled)) return std::unexpected("cut off; what was done stays");
    return in_words(future.get());
}

/// What is heard after `silence` goes nowhere: the listener may be gone.
class Listener {
public:
    explicit Listener(AdoptionHeard heard) : heard_(std::move(heard)) {}
    void hear(const commands::AdoptionReport& report) {
        const std::scoped_lock lock(mutex_);
        if (heard_) heard_(report);
    }
    void silence() {
        const std::scoped_lock lock(mutex_);
        heard_ = nullptr;
    }

private:
    std::mutex mutex_;
    AdoptionHeard heard_;
};

/// A log and a client of its own, on a loop that this thread runs.
class Here {
public:
    Here(
        const std::filesystem::path& data,
        const std::filesystem::path& master_key_file,
        store::Keys& keys,
        const net::BaseUrl& platform
    )
        : accounts_(keys, platform, official_pagarme_url()),
          log_(data, master_key_file),
          clubify_(loop_.get_executor(), {}, system_clock()),
          adoption_(
              {log_.store(),
               clubify_,
               [this](const TenantId& tenant) { return accounts_.find(tenant); },
               system_clock(),
               uuid_v7_source(system_clock())}
          ) {}
    ~Here() { clubify_.close(); }
    Here(const Here&) = delete;
    Here& operator=(const Here&) = delete;

    commands::Adoption& adoption() { return adoption_; }

    template <class T>
    Outcome<T> run(asio::awaitable<std::expected<T, commands::Problem>> work) {
        return in_words(run_on(loop_, std::move(work)));
    }

private:
    asio::io_context loop_{1};
    AccountCache accounts_;
    OpenLog log_;
    clubify::Clubify clubify_;
    commands::Adoption adoption_;
};

}  // namespace

AdoptionOperations adoption_operations(asio::io_context& loop, commands::Adoption& adoption) {
    AdoptionOperations operations;
    operations.adopt = [&](AdoptionRequest request, AdoptionHeard heard, const Cancelled& cancelled
                       ) {
        const auto listener = std::make_shared<Listener>(std::move(heard));
        auto work = adoption.adopt(std::move(request), [listener](const auto& report) {
            listener->hear(report);
        });
        auto outcome = wait(asio::co_spawn(loop, std::move(work), asio::use_future), cancelled);
        listener->silence();
        return outcome;
    };
    operations.reconcile = [&](TenantId tenant, const Cancelled& cancelled) {
        auto work = adoption.reconcile(std::move(tenant));
        return wait(asio::co_spawn(loop, std::move(work), asio::use_future), cancelled);
    };
    return operations;
}

AdoptionOperations adoption_operations_here(
    const std::filesystem::path& data,
    const std::filesystem::path& master_key_file,
    store::Keys& keys,
    const std::string& clubify_url
) {
    const auto platform = [clubify_url] { return platform_at(clubify_url); };
    AdoptionOperations operations;
    operations.adopt = [=, &keys](AdoptionRequest request, AdoptionHeard heard, const Cancelled&) {
        Here here(data, master_key_file, keys, platform());
        return here.run(here.adoption().adopt(std::move(request), std::move(heard)));
    };
    operations.reconcile = [=, &keys](TenantId tenant, const Cancelled&) {
        Here here(data, master_key_file, keys, platform());
        return here.run(here.adoption().reconcile(std::move(tenant)));
    };
    return operations;
}

}  // namespace vitrine::api
