#include "commands/engine/bus.hpp"

#include <set>
#include <stdexcept>
#include <utility>
#include <variant>

#include "commands/engine/admission.hpp"
#include "commands/engine/awaited_answers.hpp"
#include "commands/engine/beginning.hpp"
#include "commands/engine/conclusion.hpp"
#include "commands/engine/deciding.hpp"
#include "commands/engine/intake.hpp"
#include "commands/engine/leases.hpp"
#include "commands/engine/recovery.hpp"
#include "commands/engine/refusals.hpp"
#include "commands/engine/running.hpp"
#include "commands/engine/states.hpp"
#include "commands/engine/together.hpp"
#include "commands/engine/turns.hpp"
#include "commands/engine/unchanged_since.hpp"
#include "commands/problem_of.hpp"
#include "store/read.hpp"

namespace vitrine::commands {

using std::chrono::steady_clock;

namespace {

std::shared_ptr<Running> running_by(
    const BusParts& parts,
    const BusOptions& options,
    const std::shared_ptr<Leases>& leases,
    const std::shared_ptr<const Deciding>& deciding
) {
    const auto decide_again = [weak = std::weak_ptr(deciding)](const Job& job) {
        const auto bus = weak.lock();
        if (!bus) throw std::runtime_error("the command bus has ended");
        return Deciding::decide_again(bus, job);
    };
    return std::make_shared<Running>(
        parts.loop,
        Execution(
            {.store = parts.store,
             .leases = leases,
             .connectors = parts.connectors,
             .options = options.execution,
             .clock = parts.clock,
             .new_id = parts.new_id,
             .notify = parts.notify,
             .decide_again = decide_again}
        ),
        leases,
        parts.notify
    );
}

}  // namespace

class CommandBus::Impl {
public:
    Impl(BusParts parts, BusOptions options)
        : parts_(std::move(parts)),
          store_(parts_.store),
          options_(std::move(options)),
          leases_(std::make_shared<Leases>(parts_.loop, store_, options_.lease)),
          deciding_(std::make_shared<Deciding>(parts_)),
          running_(running_by(parts_, options_, leases_, deciding_)),
          turns_(std::make_shared<Turns>()),
          admission_(parts_, *turns_),
          awaited_(std::make_shared<AwaitedAnswers>(parts_.loop, store_)),
          beginning_(parts_, leases_, running_, awaited_),
          recovery_(std::make_shared<Recovery>(parts_, deciding_, leases_, running_, turns_)),
          together_(std::make_shared<Together>(parts_, options_.turn_wait, deciding_, turns_)) {}

    asio::awaitable<CommandReply> handle(CommandRequest request);
    asio::awaitable<std::size_t> recover() { return recovery_->recover(); }
    asio::awaitable<std::size_t> take_up_expired() { return recovery_->take_up_expired(); }
    asio::awaitable<void> renew_leases() { return leases_->renew(); }
    void answered(const store::CommandName& name) { awaited_->answered(name); }
    void end();
    void refuse_new();
    void drain(std::chrono::milliseconds limit, std::function<void()> done);
    std::size_t running() const { return running_->count(); }
    std::size_t waiting() const { return turns_->waiting() + together_->waiting(); }

private:
    asio::awaitable<CommandReply> handle_intake(std::shared_ptr<Intake> intake);
    CommandReply refuse(const events::UnreadableEvent& event, const Intake& intake);
    asio::awaitable<std::string> owner_of(std::shared_ptr<const Intake> intake) const;
    asio::awaitable<Begun> begin_with_owner(std::shared_ptr<Intake> intake);
    asio::awaitable<Begun> begin_in_turn(std::shared_ptr<Intake> intake);
    asio::awaitable<Begun> decide_in_turn(
        std::shared_ptr<Intake> intake, std::shared_ptr<Turns::Turn> turn
    );
    asio::awaitable<Version> version_of(const TenantId& tenant, const StreamName& stream) const;
    asio::awaitable<Version> since_when(
        const TenantId& tenant, const StreamName& stream, Version version
    ) const;

    BusParts parts_;
    store::EventStore& store_;
    BusOptions options_;
    std::shared_ptr<Leases> leases_;
    std::shared_ptr<const Deciding> deciding_;
    std::shared_ptr<Running> running_;
    std::shared_ptr<Turns> turns_;
    Admission admission_;
    std::shared_ptr<AwaitedAnswers> awaited_;
    Beginning beginning_;
    std::shared_ptr<Recovery> recovery_;
    std::shared_ptr<Together> together_;
    std::set<Position> unreadable_;  // events that were met
    bool refuses_ = false;
};

asio::awaitable<CommandReply> CommandBus::Impl::handle(CommandRequest request) {
    auto intake = std::make_shared<Intake>();
    intake->request = std::move(request);
    const auto& id = intake->request.id;
    intake->head.id = CommandId(id.empty() ? parts_.new_id() : id);
    return handle_intake(std::move(intake));
}

asio::awaitable<CommandReply> CommandBus::Impl::handle_intake(std::shared_ptr<Intake> intake) {
    const auto answer_by = steady_clock::now() + options_.deadline;
    Admission::KeyHold hold;
    auto id = intake->head.id;
    const auto of_it = [&id](CommandReply reply) {
        if (reply.command_id.empty()) reply.command_id = id;
        return reply;
    };
    Begun begun;
    try {
        if (refuses_) co_return of_it(reply_of(problem_named("shutting-down", {})));
        intake->definition = &deciding_->definition_of(intake->request.name);
        auto admitting = admission_.admit(*intake, hold);
        if (auto reply = co_await std::move(admitting)) co_return of_it(*std::move(reply));
        id = intake->head.id;
        auto validating = admission_.validate(intake);
        if (auto reply = co_await std::move(validating)) co_return of_it(*std::move(reply));
        if (intake->definition->handler.streams != nullptr && !intake->request.dry_run) {
            auto deciding = together_->handle(intake);
            co_return of_it(co_await std::move(deciding));
        }
        auto beginning = begin_in_turn(intake);
        begun = co_await std::move(beginning);
    } catch (const events::UnreadableEvent& event) {
        co_return of_it(refuse(event, *intake));
    }
    intake.reset();
    if (auto* reply = std::get_if<CommandReply>(&begun)) co_return of_it(std::move(*reply));
    co_return co_await Running::outcome_of(
        std::get<std::shared_ptr<Pending>>(begun), id, answer_by
    );
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
        parts_.notify(notice);
    }
    return reply_of(problem_of(event));
}

/// The id of what has the claims of a command that creates only where nothing has them.
asio::awaitable<std::string> CommandBus::Impl::owner_of(std::shared_ptr<const Intake> intake
) const {
    const auto& tenant = intake->request.principal.tenant;
    co_return co_await store::read(store_, [&] {
        return intake->definition->handler.owner_of({store_, parts_.facts, tenant, intake->claims});
    });
}

/// Who has the claims is known for good once their turn is had, and the stream's is to be had with
/// it: another may have come to have them meanwhile, or have them no more.
asio::awaitable<Begun> CommandBus::Impl::begin_with_owner(std::shared_ptr<Intake> intake) {
    const auto fresh = intake->entity_id;
    const auto& tenant = intake->request.principal.tenant;
    auto owner = co_await owner_of(intake);
    while (true) {
        aim_at(*intake, owner.empty() ? fresh : owner);
        auto turn = co_await turns_->take(
            turn_keys(tenant, intake->head.stream, intake->claims), options_.turn_wait
        );
        if (!turn) co_return reply_of(no_turn(*intake, 0));
        auto now = co_await owner_of(intake);
        if (now != owner) {
            owner = std::move(now);
            continue;
        }
        auto deciding = decide_in_turn(intake, std::make_shared<Turns::Turn>(*std::move(turn)));
        co_return co_await std::move(deciding);
    }
}

asio::awaitable<Begun> CommandBus::Impl::begin_in_turn(std::shared_ptr<Intake> intake) {
    const auto& tenant = intake->request.principal.tenant;
    if (intake->definition->handler.owner_of != nullptr) {
        auto beginning = begin_with_owner(intake);
        co_return co_await std::move(beginning);
    }
    auto chosen = std::exchange(intake->chosen, std::nullopt);
    auto turn = co_await turns_->take(
        turn_keys(tenant, intake->head.stream, chosen ? Claims() : intake->claims),
        options_.turn_wait
    );
    if (!turn) {
        const auto present =
            intake->definition->creates ? 0 : co_await version_of(tenant, intake->head.stream);
        co_return reply_of(no_turn(*intake, present));
    }
    if (chosen) turn->join(*std::move(chosen));
    auto deciding = decide_in_turn(intake, std::make_shared<Turns::Turn>(*std::move(turn)));
    co_return co_await std::move(deciding);
}

/// Decides, again when another writer of the stream comes in between.
asio::awaitable<Begun> CommandBus::Impl::decide_in_turn(
    std::shared_ptr<Intake> intake, std::shared_ptr<Turns::Turn> turn
) {
    const auto& tenant = intake->request.principal.tenant;
    const auto& definition = *intake->definition;
    const auto context = deciding_->tenant_context(tenant);
    for (int tries = 0;; ++tries) {
        // What the append expects. The state may be read later, and be newer: then it is decided
        // again.
        const bool is_new = definition.creates && definition.handler.id_in == nullptr &&
                            definition.handler.owner_of == nullptr;
        const auto version = is_new ? 0 : co_await version_of(tenant, intake->head.stream);
        if (version == 0 && definition.needs_entity()) {
            co_return reply_of(problem_named("not-found", no_such_thing(definition.entity.this_one))
            );
        }
        const bool expects = intake->request.precondition != Precondition();
        const auto since = expects && definition.entity.has_process
                               ? co_await since_when(tenant, intake->head.stream, version)
                               : version;
        if (auto problem = problem_in(intake->request.precondition, version, since))
            co_return reply_of(*problem);
        if (version != 0 && definition.creates && !definition.creates_once &&
            definition.handler.owner_of == nullptr) {
            const auto& kind = *definition.claims;
            co_return reply_of(taken(kind, {std::string(kind.name), intake->entity_id}));
        }
        States states(store_, tenant);  // of a dry run on several streams
        auto preparation = deciding_->preparation_of(*intake, version, context);
        preparation.states = &states;
        // What a command is about is waited for before what it relies on, so that no two wait for
        // each other.
        if (tries == 0 && definition.handler.relies_on != nullptr) {
            const auto keys =
                co_await store::read(store_, [&] { return Deciding::relied_on(preparation); });
            if (!keys.empty()) {
                auto shared = co_await turns_->take_shared(keys, options_.turn_wait);
                if (!shared) co_return reply_of(relied_on_in_work());
                turn->join(*std::move(shared));
            }
        }
        auto decided = co_await store::read(store_, [&] { return deciding_->decide(preparation); });
        auto& prepared = decided.prepared;
        if (auto problem = problem_in(decided, *intake)) {
            if (problem->http_status() == 409 && version != 0) problem->current_version = version;
            co_return reply_of(*problem);
        }
        if (intake->request.dry_run) {
            CommandReply reply;
            reply.body = dry_run_answer(*prepared, intake->request.name);
            if (version != 0) reply.version = version;
            co_return reply;
        }
        auto beginning = beginning_.begin(intake, *std::move(prepared), turn, tries < most_tries);
        if (auto begun = co_await std::move(beginning)) co_return *std::move(begun);
    }
}

asio::awaitable<Version> CommandBus::Impl::version_of(
    const TenantId& tenant, const StreamName& stream
) const {
    return store::read(store_, [this, &tenant, &stream] {
        return store_.stream_version(tenant, stream);
    });
}

asio::awaitable<Version> CommandBus::Impl::since_when(
    const TenantId& tenant, const StreamName& stream, Version version
) const {
    return store::read(store_, [this, &tenant, &stream, version] {
        return unchanged_since(store_, tenant, stream, version);
    });
}

void CommandBus::Impl::end() {
    recovery_->end();
    awaited_->let_go();
    leases_->stop();
}

void CommandBus::Impl::refuse_new() {
    refuses_ = true;
    recovery_->stop();
    awaited_->let_go();
}

void CommandBus::Impl::drain(std::chrono::milliseconds limit, std::function<void()> done) {
    refuse_new();
    running_->drain(limit, std::move(done));
}

CommandBus::CommandBus(BusParts parts, BusOptions options)
    : impl_(std::make_shared<Impl>(std::move(parts), std::move(options))) {}

CommandBus::~CommandBus() {
    impl_->end();
}

asio::awaitable<CommandReply> CommandBus::handle(CommandRequest request) {
    return impl_->handle(std::move(request));
}
asio::awaitable<std::size_t> CommandBus::recover() {
    return impl_->recover();
}
asio::awaitable<std::size_t> CommandBus::take_up_expired() {
    return impl_->take_up_expired();
}
asio::awaitable<void> CommandBus::renew_leases() {
    return impl_->renew_leases();
}
void CommandBus::answered(const store::CommandName& name) {
    impl_->answered(name);
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
