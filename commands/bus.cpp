#include "commands/bus.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <set>

#include "commands/conclusion.hpp"
#include "commands/definitions.hpp"
#include "commands/intake.hpp"
#include "commands/json.hpp"
#include "commands/problem_of.hpp"
#include "commands/products/claim_known_skus.hpp"
#include "commands/rule_faults.hpp"
#include "commands/schema.hpp"
#include "commands/turns.hpp"
#include "events/envelope.hpp"
#include "net/timer.hpp"

namespace vitrine::commands {

using std::chrono::steady_clock;

namespace {

std::string reason_of(const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const std::exception& exception) {
        return exception.what();
    }
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
        Notify notify,
        std::unique_ptr<const Facts> facts
    )
        : loop_(std::move(loop)),
          store_(store),
          facts_(facts ? std::move(facts) : facts_of_log(store)),
          accounts_(accounts),
          options_(options),
          clock_(clock),
          new_id_(new_id),
          notify_(notify),
          execution_(
              store,
              clubify,
              std::move(accounts),
              options.execution,
              clock,
              new_id,
              std::move(notify)
          ) {
        for (const auto& definition : definitions())
            schemas_.emplace(definition.name, Schema(definition.schema));
    }

    asio::awaitable<CommandReply> handle(CommandRequest request);
    std::size_t recover();
    void refuse_new() { refuses_ = true; }
    void drain(std::chrono::milliseconds limit, std::function<void()> done);
    std::size_t running() const { return running_; }
    std::size_t waiting() const { return turns_.waiting(); }

private:
    /// Where a client waits for its command.
    struct Pending {
        explicit Pending(const asio::any_io_executor& loop) : timer(loop) {}
        asio::steady_timer timer;
        std::optional<CommandReply> reply;
        bool is_left = false;  // nobody waits for its end (any more)
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

    JsonText tenant_context(const TenantId& tenant) const;
    std::optional<CommandReply> answer_by_key(Intake& intake);
    std::vector<Fault> faults_of(const Intake& intake) const;
    /// A reply at once, or a command that has begun. Commands wait by the thousand: whatever is
    /// needed to begin one is gone by then.
    using Begun = std::variant<CommandReply, std::shared_ptr<Pending>>;
    asio::awaitable<CommandReply> handle_intake(std::shared_ptr<Intake> intake);
    std::optional<CommandReply> admit(Intake& intake, KeyHold& hold);
    CommandReply refuse(const events::UnreadableEvent& event, const Intake& intake);
    Problem no_turn(const Intake& intake);
    std::optional<Problem> problem_in(const Prepared& prepared, const Intake& intake);
    asio::awaitable<Begun> begin_in_turn(std::shared_ptr<Intake> intake);
    asio::awaitable<Begun> accept(std::shared_ptr<Intake> intake, Plan plan, Turns::Turn turn);
    asio::awaitable<CommandReply> outcome_of(
        std::shared_ptr<Pending> pending, CommandId id, steady_clock::time_point answer_by
    );
    asio::awaitable<void> let_late_requests_pass(TenantId tenant, StreamName stream);
    asio::awaitable<CommandReply> conclude_at_once(std::shared_ptr<Intake> intake, Plan plan);
    std::shared_ptr<Pending> start(Job job, Turns::Turn turn);
    asio::awaitable<void> work(
        std::shared_ptr<Job> job, std::shared_ptr<Pending> pending, Turns::Turn turn
    );
    void finished();

    asio::any_io_executor loop_;
    store::EventStore& store_;
    std::unique_ptr<const Facts> facts_;
    clubify::Accounts accounts_;
    BusOptions options_;
    Clock clock_;
    UuidSource new_id_;
    Notify notify_;
    Execution execution_;
    Turns turns_;
    std::map<std::string_view, Schema> schemas_;
    std::set<Key> keys_in_work_;
    std::set<Position> unreadable_;  // events that were met
    std::size_t running_ = 0;
    bool refuses_ = false;
    std::function<void()> drained_;
};

asio::awaitable<CommandReply> CommandBus::Impl::handle(CommandRequest request) {
    auto intake = std::make_shared<Intake>();
    intake->request = std::move(request);
    const auto& id = intake->request.id;
    intake->head.id = CommandId(id.empty() ? new_id_() : id);
    return handle_intake(std::move(intake));
}

asio::awaitable<CommandReply> CommandBus::Impl::handle_intake(std::shared_ptr<Intake> intake) {
    const auto answer_by = steady_clock::now() + options_.deadline;
    KeyHold hold(shared_from_this(), {});
    auto id = intake->head.id;
    const auto of_it = [&id](CommandReply reply) {
        if (reply.command_id.empty()) reply.command_id = id;
        return reply;
    };
    Begun begun;
    try {
        if (auto reply = admit(*intake, hold)) co_return of_it(*std::move(reply));
        id = intake->head.id;
        auto beginning = begin_in_turn(intake);
        begun = co_await std::move(beginning);
    } catch (const events::UnreadableEvent& event) {
        co_return of_it(refuse(event, *intake));
    }
    intake.reset();
    if (auto* reply = std::get_if<CommandReply>(&begun)) co_return of_it(std::move(*reply));
    co_return co_await outcome_of(std::get<std::shared_ptr<Pending>>(begun), id, answer_by);
}

/// The reason is logged when it is first met: whoever sends commands may try again for ever.
CommandReply CommandBus::Impl::refuse(const events::UnreadableEvent& event, const Intake& intake) {
    if (unreadable_.insert(event.position).second) {
        auto notice = notice_of(
            Notice::Level::warning, "commands on a stream are refused", event.tenant, intake.head
        );
        notice.stream = event.stream;
        notice.position = event.position;
        notice.reason = event.what();
        notify_(notice);
    }
    return reply_of(problem_of(event));
}

/// Everything that is to be known before the command waits for its turn. The reply that ends it
/// here.
std::optional<CommandReply> CommandBus::Impl::admit(Intake& intake, KeyHold& hold) {
    if (refuses_) return reply_of(problem_named("shutting-down", {}));
    const auto& from = intake.request;
    intake.definition = find_definition(from.name);

    auto body = read_body(from.body);
    if (!body) {
        auto problem = problem_named("malformed-request", body.error().detail);
        problem.faults = {body.error()};
        return reply_of(problem);
    }
    intake.body = std::move(body->json);
    intake.inexact_numbers = std::move(body->inexact_numbers);
    intake.head.name = from.name;
    intake.head.principal = from.principal.name;
    intake.head.traceparent = from.traceparent;
    intake.head.body = JsonText(intake.body.dump());

    if (from.idempotency_key && !from.dry_run) {
        intake.head.idempotency_key = from.idempotency_key;
        intake.head.fingerprint = fingerprint_of(from, intake.body);
        if (auto reply = answer_by_key(intake)) return reply;
        const Key key(from.principal.tenant, *from.idempotency_key);
        if (!keys_in_work_.insert(key).second) {
            return reply_of(in_flight(
                {"A command with this Idempotency-Key is under way.",
                 "Um comando com esta Idempotency-Key está em andamento."}
            ));
        }
        hold.key = key;
    }
    if (auto faults = faults_of(intake); !faults.empty()) {
        return reply_of(problem_of(invalid(std::move(faults))));
    }
    intake.head.correlation_id = from.correlation_id.empty() ? CorrelationId(intake.head.id.str())
                                                             : CorrelationId(from.correlation_id);
    const auto is_free = [this, &tenant = from.principal.tenant](const Claim& claim) {
        return !turns_.taken(turn_key(tenant, claim)) && !store_.journal().holder(tenant, claim);
    };
    if (auto problem = choose_target(intake, new_id_, is_free)) return reply_of(*problem);
    return std::nullopt;
}

JsonText CommandBus::Impl::tenant_context(const TenantId& tenant) const {
    const auto account = accounts_(tenant);
    return account ? account->context : JsonText();
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
            auto reply = reply_of(in_flight(
                {"The command with this Idempotency-Key is still under way.",
                 "O comando com esta Idempotency-Key ainda está em andamento."}
            ));
            reply.location = "/v1/commands/" + record->head.id.str();
            reply.command_id = record->head.id;
            return reply;
        }
        case store::CommandState::retryable:
            intake.head.id = record->head.id;
            intake.former = plan_from_json(record->plan);
            return std::nullopt;
    }
    return std::nullopt;
}

/// Every fault of the body: those of its schema, with those of our rules as far as they can be
/// told.
std::vector<Fault> CommandBus::Impl::faults_of(const Intake& intake) const {
    auto faults = schemas_.at(intake.definition->name).validate(intake.body);
    add_uncovered(faults, intake.inexact_numbers);
    if (!faults.empty()) {
        const auto& request = intake.request;
        const auto entity_id = intake.definition->creates ? new_id_() : request.entity_id;
        const CommandId id(new_id_());
        const auto& tenant = request.principal.tenant;
        add_rule_faults(
            faults,
            *intake.definition,
            {store_, *facts_, tenant, id, entity_id, request.product_id, {}, intake.body}
        );
    }
    return faults;
}

asio::awaitable<CommandBus::Impl::Begun> CommandBus::Impl::begin_in_turn(
    std::shared_ptr<Intake> intake
) {
    const auto& tenant = intake->request.principal.tenant;
    auto turn = co_await turns_.take(
        turn_keys(tenant, intake->head.stream, intake->claims), options_.turn_wait
    );
    if (!turn) co_return reply_of(no_turn(*intake));

    const Preparation preparation{
        store_,
        *facts_,
        tenant,
        intake->head.id,
        intake->entity_id,
        intake->request.product_id,
        intake->claims,
        intake->body,
        tenant_context(tenant)
    };
    const auto version =
        intake->definition->creates ? 0 : store_.stream_version(tenant, intake->head.stream);
    if (version == 0 && !intake->definition->creates) {
        co_return reply_of(problem_named("not-found", no_such_thing(intake->definition->entity)));
    }
    if (const auto failure = intake->request.precondition.failure(version)) {
        auto problem = problem_named("version-mismatch", *failure);
        if (version != 0) problem.current_version = version;
        co_return reply_of(problem);
    }
    auto prepared = intake->definition->prepare(preparation);
    if (auto problem = problem_in(prepared, *intake)) {
        if (problem->http_status() == 409 && version != 0) problem->current_version = version;
        co_return reply_of(*problem);
    }
    if (intake->request.dry_run) {
        CommandReply reply;
        reply.body = dry_run_answer(*prepared, intake->request.name);
        if (version != 0) reply.version = version;
        co_return reply;
    }
    intake->head.accepted_at = clock_();
    if (prepared->steps.empty()) co_return co_await conclude_at_once(intake, *std::move(prepared));
    if (version != 0) co_await let_late_requests_pass(tenant, intake->head.stream);
    co_return co_await accept(intake, *std::move(prepared), *std::move(turn));
}

/// Another command is at work where this one wants to be.
Problem CommandBus::Impl::no_turn(const Intake& intake) {
    std::string wanted;
    for (const auto& claim : intake.claims) wanted += (wanted.empty() ? "" : ", ") + spell(claim);
    if (intake.definition->creates) {
        return in_flight(phrase(
            "Another command that wants the {} is under way.",
            "Outro comando que quer o {} está em andamento.",
            wanted
        ));
    }
    const auto entity = this_one(intake.definition->entity);
    auto problem = in_flight(
        wanted.empty()
            ? phrase(
                  "Another command on the same {} is under way.",
                  "Outro comando sobre {} está em andamento.",
                  entity
              )
            : phrase(
                  "Another command on the same {}, or one that wants the {}, is under way.",
                  "Outro comando sobre {}, ou que quer o {}, está em andamento.",
                  entity,
                  wanted
              )
    );
    problem.current_version =
        store_.stream_version(intake.request.principal.tenant, intake.head.stream);
    return problem;
}

/// Why the command cannot be: its rules refuse it, or a key that it claims is another's.
std::optional<Problem> CommandBus::Impl::problem_in(
    const Prepared& prepared, const Intake& intake
) {
    if (!prepared) return problem_of(prepared.error());
    for (const auto& claim : prepared->claims) {
        const auto holder = store_.journal().holder(intake.request.principal.tenant, claim);
        if (!holder || *holder == intake.head.id) continue;
        // Who wants it only where there is none yet is told that by the precondition.
        const auto& wanted_new = intake.request.precondition.none_match;
        if (intake.definition->creates && wanted_new && wanted_new->any)
            return problem_named("version-mismatch", Precondition::none_match_failed);
        return taken(claim);
    }
    return std::nullopt;
}

/// A request of the command before, given up and sent again, may still arrive on the platform: what
/// is sent now must not be before it. docs/effects.md has the limits.
asio::awaitable<void> CommandBus::Impl::let_late_requests_pass(TenantId tenant, StreamName stream) {
    const auto last = store_.read_stream(tenant, stream, 0, 1, store::Direction::backwards);
    if (last.empty() || last[0].recorded_at + options_.execution.late_request <= clock_())
        co_return;
    const auto command_id = events::decode_metadata(last[0].metadata).command_id;
    const auto record = store_.journal().find(tenant, command_id);
    if (!record || record->plan.empty()) co_return;
    const auto late_until = plan_from_json(record->plan).late_until;
    if (!late_until) co_return;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*late_until - clock_());
    if (left.count() > 0) co_await net::wait_for(left);
}

/// Nothing to do on the platform: one commit with what there is to tell, and the answer.
asio::awaitable<CommandReply> CommandBus::Impl::conclude_at_once(
    std::shared_ptr<Intake> intake, Plan plan
) {
    const auto& tenant = intake->request.principal.tenant;
    const auto last = store_.read_stream(tenant, plan.stream, 0, 1, store::Direction::backwards);
    auto end = done_at_once(plan, {tenant, intake->head, clock_(), new_id_});
    auto& conclude = std::get<store::Conclude>(*end.journal);
    if (!last.empty()) conclude.position = last.front().position;
    const auto answer = conclude.answer;
    const auto before = conclude.position;
    const auto appended = co_await execution_.append(std::move(end));
    if (!appended) co_return reply_of(problem_of(appended.error()));
    const auto position = appended->last == 0 ? before : appended->last;
    co_return reply_from(answer, intake->head.id, position);
}

asio::awaitable<CommandBus::Impl::Begun> CommandBus::Impl::accept(
    std::shared_ptr<Intake> intake, Plan plan, Turns::Turn turn
) {
    const auto tenant = intake->request.principal.tenant;
    store::Append append;
    append.tenant = tenant;
    append.journal = store::Accept{intake->head, to_json(plan), plan.claims};
    const auto accepted = co_await execution_.append(std::move(append));
    if (!accepted) co_return reply_of(problem_of(accepted.error()));

    // What an earlier attempt of the same command may have left behind is asked for first.
    co_return start(
        Job{tenant, std::move(intake->head), std::move(plan), intake->former.has_value()},
        std::move(turn)
    );
}

/// Waits for the end of the command, but not beyond the deadline of an answer.
asio::awaitable<CommandReply> CommandBus::Impl::outcome_of(
    std::shared_ptr<Pending> pending, CommandId id, steady_clock::time_point answer_by
) {
    boost::system::error_code ignored;
    pending->timer.expires_at(answer_by);
    if (!pending->reply)
        co_await pending->timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    if (pending->reply) co_return *pending->reply;

    pending->is_left = true;
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
    auto notice = notice_of(
        Notice::Level::warning,
        "a command stopped, and is taken up at the next start",
        job.tenant,
        job.head
    );
    asio::co_spawn(
        loop_,
        work(std::make_shared<Job>(std::move(job)), pending, std::move(turn)),
        [self = shared_from_this(), notice = std::move(notice)](std::exception_ptr error) mutable {
            self->finished();
            if (!error) return;
            notice.reason = reason_of(error);
            self->notify_(notice);
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
    auto reply = co_await execution_.run(job, [&](CommandReply early) {
        deliver(std::move(early));
        pending->is_left = true;
    });
    if (pending->is_left) {
        auto notice = notice_of(
            Notice::Level::info, "a command ended after its answer", job->tenant, job->head
        );
        notice.status = reply.status;
        notice.problem = problem_name_in(reply.body);
        notice.position = reply.position;
        notify_(notice);
    }
    deliver(std::move(reply));
}

std::size_t CommandBus::Impl::recover() {
    claim_known_skus(store_, new_id_, notify_);
    const auto unfinished = store_.journal().unfinished();
    // Every turn is taken before any command goes on, in the order in which they were accepted: of
    // two on one stream the later waits, as it did before.
    for (const auto& record : unfinished) {
        auto plan = plan_from_json(record.plan);
        if (auto turn =
                turns_.try_take(turn_keys(record.tenant, record.head.stream, plan.claims))) {
            notify_(notice_of(
                Notice::Level::info, "an unfinished command is taken up", record.tenant, record.head
            ));
            start(Job{record.tenant, record.head, std::move(plan), true}, *std::move(turn))
                ->is_left = true;
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
    refuse_new();
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
    Notify notify,
    std::unique_ptr<const Facts> facts
)
    : impl_(std::make_shared<Impl>(
          std::move(loop),
          store,
          clubify,
          std::move(accounts),
          options,
          std::move(clock),
          std::move(new_id),
          std::move(notify),
          std::move(facts)
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

std::size_t CommandBus::waiting() const {
    return impl_->waiting();
}

void CommandBus::refuse_new() {
    impl_->refuse_new();
}
void CommandBus::drain(std::chrono::milliseconds limit, std::function<void()> done) {
    impl_->drain(limit, std::move(done));
}

}  // namespace vitrine::commands
