#include "commands/engine/refusals.hpp"

#include "commands/problem_of.hpp"

namespace vitrine::commands {

Problem relied_on_in_work() {
    return in_flight(
        {"Another command on something that this one relies on is under way.",
         "Outro comando sobre algo de que este depende está em andamento."}
    );
}

Problem no_turn(const Intake& intake, Version present) {
    Phrase wanted;
    for (const auto& claim : intake.claims)
        wanted +=
            Phrase::as_is(wanted.empty() ? "" : ", ") + spell(*intake.definition->claims, claim);
    if (intake.definition->creates) {
        return in_flight(phrase(
            "Another command that wants the {} is under way.",
            "Outro comando que quer o {} está em andamento.",
            wanted
        ));
    }
    const auto& entity = intake.definition->entity.this_one;
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
    problem.current_version = present;
    return problem;
}

std::optional<Problem> problem_in(
    const Precondition& precondition, Version version, Version unchanged_since
) {
    const auto failure = precondition.failure(version, unchanged_since);
    if (!failure) return std::nullopt;
    auto problem = problem_named("version-mismatch", *failure);
    if (version != 0) problem.current_version = version;
    return problem;
}

std::optional<Problem> problem_in(const Decided& decided, const Intake& intake) {
    if (!decided.prepared) return problem_of(decided.prepared.error());
    if (!decided.taken) return std::nullopt;
    // Who wants it only where there is none yet is told that by the precondition.
    const auto& wanted_new = intake.request.precondition.none_match;
    if (intake.definition->creates && wanted_new && wanted_new->any)
        return problem_named("version-mismatch", Precondition::none_match_failed);
    return taken(*intake.definition->claims, *decided.taken);
}

Problem problem_of_append(const store::AppendError& error, const Intake& intake) {
    const bool is_claim =
        error.kind == store::AppendError::Kind::claimed && intake.definition->claims != nullptr;
    return is_claim ? taken(*intake.definition->claims, error.claim.value()) : problem_of(error);
}

}  // namespace vitrine::commands
