#include "commands/problem_of.hpp"

#include "gateways/clubify/refusals.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace vitrine::commands {
namespace {

constexpr auto try_again = std::chrono::seconds(1);

}  // namespace

Problem problem_of(const clubify::CallError& error) {
    const auto refusal = error.kind == clubify::CallError::Kind::credentials
                             ? clubify::refusal_of(clubify::Settle::repeat, error)
                             : clubify::not_done(error);
    auto problem = problem_named(problem_type(refusal.problem).name, refusal.detail);
    problem.status = refusal.status;
    problem.retry_after = error.retry_after;
    return problem;
}

CommandReply reply_of(const Problem& problem) {
    CommandReply reply;
    reply.status = problem.http_status();
    reply.body = problem.to_stored().dump();
    reply.version = problem.current_version;
    reply.retry_after = problem.retry_after;
    return reply;
}

Problem problem_named(std::string_view type, Phrase detail) {
    Problem problem;
    problem.type = type;
    problem.detail = std::move(detail);
    return problem;
}

Problem in_flight(Phrase detail) {
    auto problem = problem_named("command-in-flight", std::move(detail));
    problem.retry_after = try_again;
    return problem;
}

Phrase no_such_thing(const Term& entity) {
    return phrase("There is no such {}.", "Não existe {}.", entity);
}

Problem problem_of(const Rejection& rejection) {
    auto problem = problem_named(problem_type(rejection.problem).name, rejection.detail);
    problem.faults = rejection.faults;
    return problem;
}

Problem problem_of(const events::UnreadableEvent& event) {
    return problem_named(
        "stream-unreadable",
        phrase(
            "The event at position {} of the stream {} cannot be read, so nothing that depends on "
            "it can be decided. Nothing was done; other streams are not concerned.",
            "O evento na posição {} do fluxo {} não pode ser lido, então nada que dependa dele "
            "pode ser decidido. Nada foi feito; os outros fluxos não são atingidos.",
            event.position,
            event.stream.str()
        )
    );
}

Problem problem_of(const store::AppendError& error) {
    using Kind = store::AppendError::Kind;
    switch (error.kind) {
        case Kind::queue_full: {
            auto problem = problem_named(
                "overloaded", {"The log's queue is full.", "A fila do registro está cheia."}
            );
            problem.retry_after = try_again;
            return problem;
        }
        case Kind::shutting_down:
            return problem_named("shutting-down", {});
        case Kind::disk_full:
            return problem_named("disk-full", {});
        case Kind::locked: {
            auto problem = problem_named(
                "storage-unavailable",
                {"Another process is writing to the log. Nothing was done.",
                 "Outro processo está gravando no registro. Nada foi feito."}
            );
            problem.retry_after = try_again;
            return problem;
        }
        case Kind::unavailable: {
            auto problem = problem_named("storage-unavailable", {});
            problem.retry_after = try_again;
            return problem;
        }
        case Kind::key_in_use:
            return in_flight(
                {"A command with this Idempotency-Key is under way.",
                 "Um comando com esta Idempotency-Key está em andamento."}
            );
        case Kind::not_owner:
            return in_flight(
                {"Another command on the same stream is under way on another node.",
                 "Outro comando sobre o mesmo fluxo está em andamento em outro nó."}
            );
        case Kind::conflict: {
            auto problem = in_flight(
                {"Another command changed the stream at the same time.",
                 "Outro comando alterou o fluxo ao mesmo tempo."}
            );
            problem.current_version = error.current;
            return problem;
        }
        case Kind::claimed:  // whoever claims it knows how it is called
        case Kind::event_id_reused:
            break;
    }
    return problem_named("internal-error", Phrase::as_is(error.detail));
}

bool is_final(const store::AppendError& error) {
    using Kind = store::AppendError::Kind;
    return error.kind == Kind::claimed || error.kind == Kind::key_in_use ||
           error.kind == Kind::not_owner || error.kind == Kind::event_id_reused;
}

}  // namespace vitrine::commands
