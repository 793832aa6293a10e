#include "deliveries/refusals.hpp"

namespace vitrine::deliveries {
namespace {

std::unexpected<Refused> refused(std::string problem, Phrase detail) {
    return std::unexpected(Refused{std::move(problem), std::move(detail)});
}

}  // namespace

std::unexpected<Refused> no_receiver(const ReceiverName& name) {
    return refused(
        "not-found",
        phrase(
            "There is no receiver {} {}.", "Não existe o destinatário {} {}.", name.kind, name.id
        )
    );
}

std::unexpected<Refused> no_delivery() {
    return refused(
        "not-found",
        {"No delivery of this event waits or is a dead letter.",
         "Nenhuma entrega deste evento está em espera ou entre as não entregues."}
    );
}

std::unexpected<Refused> is_under_way() {
    return refused("conflict", {"The delivery is under way.", "A entrega está em andamento."});
}

std::unexpected<Refused> no_range() {
    return refused(
        "validation-failed",
        {"A range begins at 1 or later and does not end before it begins.",
         "Um intervalo começa em 1 ou depois e não termina antes de começar."}
    );
}

bool is_range(Position from, const std::optional<Position>& to) {
    return from > 0 && (!to || from <= *to);
}

}  // namespace vitrine::deliveries
