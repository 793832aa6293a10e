#include "commands/bus.hpp"

#include <openssl/sha.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <set>

#include "commands/conclusion.hpp"
#include "commands/definitions.hpp"
#include "commands/json.hpp"
#include "commands/problem.hpp"
#include "commands/schema.hpp"
#include "commands/turns.hpp"
#include "core/text.hpp"

namespace vitrine::commands {
namespace {

constexpr auto try_again = std::chrono::seconds(1);

CommandReply reply_of(const Problem& problem) {
    CommandReply reply;
    reply.status = problem.http_status();
    reply.body = problem.to_json();
    reply.version = problem.current_version;
    reply.retry_after = problem.retry_after;
    return reply;
}

Problem problem_named(std::string_view type, std::string detail) {
    Problem problem;
    problem.type = type;
    problem.detail = std::move(detail);
    return problem;
}

Problem in_flight(std::string detail) {
    auto problem = problem_named("command-in-flight", std::move(detail));
    problem.retry_after = try_again;
    return problem;
}

Problem problem_of(const Rejection& rejection) {
    using Kind = Rejection::Kind;
    switch (rejection.kind) {
        case Kind::invalid: {
            auto problem = problem_named("validation-failed", {});
            problem.faults = rejection.faults;
            return problem;
        }
        case Kind::not_found:
            return problem_named("not-found", rejection.detail);
        case Kind::illegal_transition:
            return problem_named("illegal-transition", rejection.detail);
        case Kind::slug_taken:
            return problem_named("slug-taken", rejection.detail);
        case Kind::product_in_offer:
            return problem_named("product-already-in-offer", rejection.detail);
    }
    return problem_named("internal-error", {});
}

Problem problem_of(const store::AppendError& error) {
    using Kind = store::AppendError::Kind;
    switch (error.kind) {
        case Kind::queue_full: {
            auto problem = problem_named("overloaded", "The log's queue is full.");
            problem.retry_after = try_again;
            return problem;
        }
        case Kind::shutting_down:
            return problem_named("shutting-down", {});
        case Kind::disk_full:
            return problem_named("disk-full", {});
        case Kind::unavailable:
            return problem_named("storage-unavailable", {});
        case Kind::key_in_use:
            return in_flight("A command with this Idempotency-Key is under way.");
        case Kind::reserved:
            return problem_named("slug-taken", "The slug belongs to another offer.");
        case Kind::conflict: {
            auto problem = in_flight("Another command changed the stream at the same time.");
            problem.current_version = error.current;
            return problem;
        }
        case Kind::event_id_reused:
            break;
    }
    return problem_named("internal-error", error.detail);
}

/// SHA-256 of method, path and canonical body: the same request has the same one, however it was
/// written.
std::string fingerprint_of(const CommandRequest& request, const Json& body) {
    const auto text = request.method + '\n' + request.path + '\n' + nlohmann::json(body).dump();
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
    return to_hex({reinterpret_cast<const char*>(digest), sizeof digest});
}

std::string turn_key(const TenantId& tenant, const StreamName& stream) {
    return tenant.str() + '/' + stream.str();
}

std::string turn_key(const TenantId& tenant, const store::Reservation& reservation) {
    return tenant.str() + '/' + reservation.kind + ':' + reservation.key;
}

store::Reservation slug_reservation(std::string slug) {
    return {"slug", std::move(slug)};
}

StreamName stream_for(const Definition& definition, const std::string& id) {
    return StreamName(std::string(definition.entity) + "-" + id);
}

}  // namespace

class CommandBus::Impl : public std::enable_shared_from_this<CommandBus::Impl> {
public:
    Impl(
        asio::any_io_executor loop,
        store::EventStore& store,
        clubify::Clubify& clubify,
        clubify::Accounts accounts,
        BusOptions options,
        Clock clock,
        UuidSource new_id,
        std::function<void(std::string_view)> log
    )
        : loop_(std::move(loop)),
          store_(store),
          options_(options),
          clock_(clock),
          new_id_(new_id),
          log_(log),
          execution_(
              store, clubify, std::move(accounts), options.execution, clock, new_id, std::move(log)
          ) {
        for (const auto& definition : definitions())
            schemas_.emplace(definition.name, Schema(definition.schema));
    }

    asio::awaitable<CommandReply> handle(CommandRequest request);
    std::size_t recover();
    void drain(std::chrono::milliseconds limit, std::function<void()> done);
    std::size_t running() const { return running_; }

private:
    /// A request on its way to becoming a job.
    struct Intake {
        CommandRequest request;
        const Definition* definition = nullptr;
        Json body;
        store::CommandHead head;
        std::optional<Plan> former;  // of a retryable command that is run again
        std::string entity_id;
        std::string slug;
    };

    /// Where a client waits for its command.
    struct Pending {
        explicit Pending(const asio::any_io_executor& loop) : timer(loop) {}
        asio::steady_timer timer;
        std::optional<CommandReply> reply;
    };

    using Key = std::pair<TenantId, std::string>;

    /// Gives an idempotency key back when the request ends.
    struct KeyHold {
        std::shared_ptr<Impl> bus;
        std::optional<Key> key;
        KeyHold(std::shared_ptr<Impl> owner, std::optional<Key> held)
            : bus(std::move(owner)), key(std::move(held)) {}
        KeyHold(KeyHold&& other) noexcept
            : bus(std::move(other.bus)), key(std::exchange(other.key, {})) {}
        KeyHold& operator=(KeyHold&&) = delete;
        ~KeyHold() {
            if (key) bus->keys_in_work_.erase(*key);
        }
    };

    std::optional<CommandReply> answer_by_key(Intake& intake);
    std::optional<Problem> choose_target(Intake& intake);
    std::string free_slug(const TenantId& tenant, const std::string& base) const;
    asio::awaitable<CommandReply> handle_in_turn(std::shared_ptr<Intake> intake, KeyHold hold);
    asio::awaitable<CommandReply> accept(
        std::shared_ptr<Intake> intake, Plan plan, Turns::Turn turn, KeyHold hold
    );
    asio::awaitable<CommandReply> conclude_at_once(std::shared_ptr<Intake> intake, Plan plan);
    std::shared_ptr<Pending> start(Job job, Turns::Turn turn);
    asio::awaitable<void> work(
        std::shared_ptr<Job> job, std::shared_ptr<Pending> pending, Turns::Turn turn
    );
    void finished();

    asio::any_io_executor loop_;
    store::EventStore& store_;
    BusOptions options_;
    Clock clock_;
    UuidSource new_id_;
    std::function<void(std::string_view)> log_;
    Execution execution_;
    Turns turns_;
    std::map<std::string_view, Schema> schemas_;
    std::set<Key> keys_in_work_;
    std::size_t running_ = 0;
    bool draining_ = false;
    std::function<void()> drained_;
};

asio::awaitable<CommandReply> CommandBus::Impl::handle(CommandRequest request) {
    if (draining_) co_return reply_of(problem_named("shutting-down", {}));
    auto intake = std::make_shared<Intake>();
    intake->request = std::move(request);
    const auto& from = intake->request;
    intake->definition = find_definition(from.name);

    auto body = parse_body(from.body);
    if (!body) {
        auto problem = problem_named("malformed-request", body.error().detail);
        problem.faults = {body.error()};
        co_return reply_of(problem);
    }
    intake->body = *std::move(body);
    intake->head.name = from.name;
    intake->head.principal = from.principal.name;
    intake->head.traceparent = from.traceparent;
    intake->head.body = JsonText(intake->body.dump());

    KeyHold hold(shared_from_this(), {});
    if (from.idempotency_key && !from.dry_run) {
        intake->head.idempotency_key = from.idempotency_key;
        intake->head.fingerprint = fingerprint_of(from, intake->body);
        if (auto reply = answer_by_key(*intake)) co_return *std::move(reply);
        const Key key(from.principal.tenant, *from.idempotency_key);
        if (!keys_in_work_.insert(key).second) {
            co_return reply_of(in_flight("A command with this Idempotency-Key is under way."));
        }
        hold.key = key;
    }
    if (auto faults = schemas_.at(intake->definition->name).validate(intake->head.body);
        !faults.empty()) {
        co_return reply_of(problem_of(invalid(std::move(faults))));
    }
    if (intake->head.id.empty()) intake->head.id = CommandId(new_id_());
    intake->head.correlation_id = from.correlation_id.empty() ? CorrelationId(intake->head.id.str())
                                                              : CorrelationId(from.correlation_id);
    if (auto problem = choose_target(*intake)) co_return reply_of(*problem);
    co_return co_await handle_in_turn(std::move(intake), std::move(hold));
}

/// What the journal already knows of the idempotency key; nullopt: run the command.
std::optional<CommandReply> CommandBus::Impl::answer_by_key(Intake& intake) {
    const auto record =
        store_.journal().find_by_key(intake.request.principal.tenant, *intake.head.idempotency_key);
    if (!record) return std::nullopt;
    if (record->head.fingerprint != intake.head.fingerprint) {
        return reply_of(problem_named("idempotency-key-reused", {}));
    }
    switch (record->state) {
        case store::CommandState::done: {
            auto reply = reply_from(*record->answer, record->head.id, record->position);
            reply.replayed = true;
            return reply;
        }
        case store::CommandState::accepted: {
            auto reply =
                reply_of(in_flight("The command with this Idempotency-Key is still under way."));
            reply.location = "/v1/commands/" + record->head.id.str();
            return reply;
        }
        case store::CommandState::retryable:
            intake.head.id = record->head.id;
            intake.former = plan_from_json(record->plan);
            return std::nullopt;
    }
    return std::nullopt;
}

/// Which entity, and which slug: of the path, of the former attempt, or new.
std::optional<Problem> CommandBus::Impl::choose_target(Intake& intake) {
    const auto& definition = *intake.definition;
    if (!definition.creates) {
        intake.entity_id = intake.request.entity_id;
        if (!is_uuid(intake.entity_id)) {
            return problem_named(
                "not-found", "There is no such " + std::string(definition.entity) + "."
            );
        }
    } else {
        intake.entity_id = intake.former ? intake.former->entity_id : new_id_();
    }
    if (definition.has_slug) {
        const auto& tenant = intake.request.principal.tenant;
        const auto given = text_member(intake.body, "slug");
        if (intake.former) {
            intake.slug = intake.former->slug;
        } else if (given) {
            intake.slug = *given;
        } else {
            intake.slug = free_slug(tenant, slugify(intake.body.at("name").get<std::string>()));
        }
    }
    intake.head.stream = stream_for(definition, intake.entity_id);
    return std::nullopt;
}

/// `base`, or the first of base-2, base-3, … that no command has or is about to have.
std::string CommandBus::Impl::free_slug(const TenantId& tenant, const std::string& base) const {
    constexpr std::size_t longest = 100;
    auto slug = base;
    for (std::uint64_t number = 2;; ++number) {
        const auto reservation = slug_reservation(slug);
        if (!turns_.taken(turn_key(tenant, reservation)) &&
            !store_.journal().holder(tenant, reservation))
            return slug;
        const auto suffix = "-" + std::to_string(number);
        slug = base.substr(0, longest - suffix.size()) + suffix;
    }
}

asio::awaitable<CommandReply> CommandBus::Impl::handle_in_turn(
    std::shared_ptr<Intake> intake, KeyHold hold
) {
    const auto& tenant = intake->request.principal.tenant;
    std::vector<std::string> keys{turn_key(tenant, intake->head.stream)};
    if (!intake->slug.empty()) keys.push_back(turn_key(tenant, slug_reservation(intake->slug)));
    auto turn = co_await turns_.take(std::move(keys), options_.turn_wait);
    if (!turn) {
        auto problem = in_flight(
            "Another command on the same " + std::string(intake->definition->entity) +
            " is under way."
        );
        problem.current_version = store_.stream_version(tenant, intake->head.stream);
        co_return reply_of(problem);
    }

    const Preparation preparation{
        store_,
        tenant,
        intake->head.id,
        intake->entity_id,
        intake->request.product_id,
        intake->slug,
        intake->body
    };
    const auto version =
        intake->definition->creates ? 0 : store_.stream_version(tenant, intake->head.stream);
    if (version == 0 && !intake->definition->creates) {
        co_return reply_of(problem_named(
            "not-found", "There is no such " + std::string(intake->definition->entity) + "."
        ));
    }
    if (intake->request.if_match && *intake->request.if_match != version) {
        auto problem = problem_named("version-mismatch", {});
        problem.current_version = version;
        co_return reply_of(problem);
    }
    auto prepared = intake->definition->prepare(preparation);
    if (prepared && !intake->slug.empty()) {
        const auto holder = store_.journal().holder(tenant, slug_reservation(intake->slug));
        if (holder && *holder != intake->head.id) {
            prepared = std::unexpected(Rejection{
                Rejection::Kind::slug_taken,
                "The slug \"" + intake->slug + "\" belongs to another offer.",
                {}
            });
        }
    }
    if (!prepared) {
        auto problem = problem_of(prepared.error());
        if (problem.http_status() == 409 && version != 0) problem.current_version = version;
        co_return reply_of(problem);
    }
    if (intake->request.dry_run) {
        CommandReply reply;
        reply.body = dry_run_answer(*prepared, intake->request.name);
        reply.version = version;
        co_return reply;
    }
    intake->head.accepted_at = clock_();
    if (prepared->steps.empty()) co_return co_await conclude_at_once(intake, *std::move(prepared));
    co_return co_await accept(intake, *std::move(prepared), *std::move(turn), std::move(hold));
}

/// Nothing to do on the platform: everything is so already. One commit with the answer.
asio::awaitable<CommandReply> CommandBus::Impl::conclude_at_once(
    std::shared_ptr<Intake> intake, Plan plan
) {
    const auto& tenant = intake->request.principal.tenant;
    const auto last = store_.read_stream(tenant, plan.stream, 0, 1, store::Direction::backwards);
    auto end = succeeded(plan, {tenant, intake->head, clock_(), new_id_});
    auto& answer = std::get<store::Conclude>(*end.journal).answer;
    if (!last.empty()) answer.body.text = with_position(answer.body.text, last.front().position);
    const auto kept = answer;
    const auto appended = co_await execution_.append(std::move(end));
    if (!appended) co_return reply_of(problem_of(appended.error()));
    auto reply = reply_from(kept, intake->head.id, appended->last);
    if (!last.empty()) reply.position = last.front().position;
    co_return reply;
}

asio::awaitable<CommandReply> CommandBus::Impl::accept(
    std::shared_ptr<Intake> intake,
    Plan plan,
    Turns::Turn turn,
    [[maybe_unused]] KeyHold hold  // until the answer
) {
    const auto tenant = intake->request.principal.tenant;
    store::Accept row{intake->head, to_json(plan), {}};
    if (!intake->slug.empty()) row.reservations.push_back(slug_reservation(intake->slug));
    store::Append append;
    append.tenant = tenant;
    append.journal = std::move(row);
    const auto accepted = co_await execution_.append(std::move(append));
    if (!accepted) co_return reply_of(problem_of(accepted.error()));

    // What an earlier attempt of the same command may have left behind is asked for first.
    const auto id = intake->head.id;
    auto pending = start(
        Job{tenant, std::move(intake->head), std::move(plan), intake->former.has_value()},
        std::move(turn)
    );
    boost::system::error_code ignored;
    pending->timer.expires_after(options_.deadline);
    if (!pending->reply)
        co_await pending->timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    if (pending->reply) co_return *pending->reply;

    Json running;
    running["command_id"] = id.str();
    running["status"] = "running";
    CommandReply reply;
    reply.status = 202;
    reply.body = running.dump();
    reply.location = "/v1/commands/" + id.str();
    reply.command_id = id;
    co_return reply;
}

std::shared_ptr<CommandBus::Impl::Pending> CommandBus::Impl::start(Job job, Turns::Turn turn) {
    auto pending = std::make_shared<Pending>(loop_);
    ++running_;
    asio::co_spawn(
        loop_,
        work(std::make_shared<Job>(std::move(job)), pending, std::move(turn)),
        [self = shared_from_this()](std::exception_ptr error) {
            self->finished();
            if (!error) return;
            try {
                std::rethrow_exception(error);
            } catch (const std::exception& e) {
                self->log_(
                    std::string("a command stopped and will be taken up at the next start: ") +
                    e.what()
                );
            }
        }
    );
    return pending;
}

asio::awaitable<void> CommandBus::Impl::work(
    std::shared_ptr<Job> job,
    std::shared_ptr<Pending> pending,
    [[maybe_unused]] Turns::Turn turn  // until the command has ended
) {
    const auto deliver = [&pending](CommandReply reply) {
        if (pending->reply) return;
        pending->reply = std::move(reply);
        pending->timer.cancel();
    };
    auto reply = co_await execution_.run(job, deliver);
    deliver(std::move(reply));
}

std::size_t CommandBus::Impl::recover() {
    const auto unfinished = store_.journal().unfinished();
    // Every turn is taken before any command goes on, in the order in which they were accepted: of
    // two on one stream the later waits, as it did before.
    for (const auto& record : unfinished) {
        auto plan = plan_from_json(record.plan);
        std::vector<std::string> keys{turn_key(record.tenant, record.head.stream)};
        if (!plan.slug.empty())
            keys.push_back(turn_key(record.tenant, slug_reservation(plan.slug)));
        if (auto turn = turns_.try_take(std::move(keys))) {
            start(Job{record.tenant, record.head, std::move(plan), true}, *std::move(turn));
        } else {
            throw std::runtime_error(
                "two unfinished commands on stream " + record.head.stream.str()
            );
        }
    }
    return unfinished.size();
}

void CommandBus::Impl::finished() {
    if (--running_ == 0 && drained_) std::exchange(drained_, nullptr)();
}

void CommandBus::Impl::drain(std::chrono::milliseconds limit, std::function<void()> done) {
    draining_ = true;
    if (running_ == 0) return done();
    auto timer = std::make_shared<asio::steady_timer>(loop_, limit);
    drained_ = [timer, done] {
        timer->cancel();
        done();
    };
    timer->async_wait([self = shared_from_this()](boost::system::error_code error) {
        if (!error && self->drained_) std::exchange(self->drained_, nullptr)();
    });
}

CommandBus::CommandBus(
    asio::any_io_executor loop,
    store::EventStore& store,
    clubify::Clubify& clubify,
    clubify::Accounts accounts,
    BusOptions options,
    Clock clock,
    UuidSource new_id,
    std::function<void(std::string_view)> log
)
    : impl_(std::make_shared<Impl>(
          std::move(loop),
          store,
          clubify,
          std::move(accounts),
          options,
          std::move(clock),
          std::move(new_id),
          std::move(log)
      )) {}

CommandBus::~CommandBus() = default;

asio::awaitable<CommandReply> CommandBus::handle(CommandRequest request) {
    return impl_->handle(std::move(request));
}
std::size_t CommandBus::recover() {
    return impl_->recover();
}
std::size_t CommandBus::running() const {
    return impl_->running();
}

void CommandBus::drain(std::chrono::milliseconds limit, std::function<void()> done) {
    impl_->drain(limit, std::move(done));
}

}  // namespace vitrine::commands
