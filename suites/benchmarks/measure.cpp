#include "measure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "formula.hpp"
#include "pull.hpp"
#include "referee/conformance/arena.hpp"
#include "referee/signing/bundle.hpp"

namespace referee::suites::benchmarks {
namespace {

using std::chrono::steady_clock;
using Wrong = tl::unexpected<std::string>;
using Outcome = tl::expected<Measured, std::string>;

double since(steady_clock::time_point begun) {
  return std::chrono::duration<double>(steady_clock::now() - begun).count();
}

proposals::Filter all_signatures() {
  return {std::string(signing::kBundleType), "sig"};
}

Outcome held_to(Measured measured, std::uint64_t expected) {
  if (measured.cost.requests == expected) return measured;
  return Wrong(fmt::format("it took {} requests, and the formula says {}", measured.cost.requests, expected));
}

std::uint64_t of(const Cell& cell, const Stand& stand, std::string_view operation) {
  const auto n = static_cast<std::uint64_t>(stand.count);
  const auto pages = pages_of(cell.variant->id, cell.inlined, n, stand.listing);
  return requests_of(cell.variant->id, cell.inlined, operation,
                     {{"N", n}, {"Nb", n}, {"b", 1}, {"any", n > 0 ? 1 : 0}, {"pages", pages}, {"seek", pages}})
      .value_or(0);
}

std::uint64_t verification(const Cell& cell, const Stand& stand) {
  const auto wanted = wanted_count(cell.wanted, stand.count);
  const auto formula = verification_requests(cell.variant->id, cell.inlined, cell.wanted != Wanted::kAll, stand.count,
                                             wanted, stand.listing);
  // Where the list does not say the types, every manifest is read for them; those of the wanted would be read anyway,
  // unless the payload is inlined.
  const auto read = stand.discovery - stand.listing;
  return formula + read - (cell.inlined ? 0 : std::min<std::uint64_t>(read, wanted));
}

/// Whether every byte that came is accounted for, to one percent: the list, and of each attachment what the requests
/// beyond it fetch: the payload, and its manifest where there are two of them. Where the list tells no sizes, or C asks
/// for a list of objects instead of a manifest, nothing is known beforehand.
Outcome held_to_sizes(Measured measured, const Stand& stand, bool inlined) {
  const auto beyond = measured.cost.requests - stand.discovery;
  if (beyond == 2 * stand.count && !stand.sized) return measured;
  auto expected = stand.discovery_bytes;
  if (beyond == stand.count) expected += inlined ? stand.manifest_bytes : stand.payload_bytes;
  if (beyond == 2 * stand.count) expected += stand.manifest_bytes + stand.payload_bytes;
  const auto received = measured.cost.bytes_down;
  const auto off = received > expected ? received - expected : expected - received;
  if (off * 100 <= expected) return measured;
  return Wrong(fmt::format("it received {} bytes, and list and content are {}", received, expected));
}

/// Discovers, fetches, checks; what it costs is left out.
tl::expected<Verified, std::string> right_verification(Client& client, const proposals::Subject& subject,
                                                       const Stands& stands, const Stand& stand, const Cell& cell) {
  auto verified = verify(client, subject, policy_for(stands.seed(), cell.wanted, stand.count), cell.parallel);
  if (!verified) return Wrong(verified.error().message);
  if (!is_right(*verified, cell.wanted, stand.count)) {
    return Wrong(fmt::format("the decision is wrong: {}", verified->decision.reason));
  }
  return std::move(*verified);
}

Outcome measure_verify(Stands& stands, Stand& stand, Client& client, const Cell& cell) {
  auto verified = right_verification(client, stand.subject, stands, stand, cell);
  if (!verified) return Wrong(verified.error());
  auto held = held_to({verified->seconds, verified->cost, verified->decision.verified, verified->found},
                      verification(cell, stand));
  // Of other policies only the wanted ones are fetched, whose sizes differ by a digit.
  if (!held || cell.wanted != Wanted::kAll) return held;
  return held_to_sizes(*held, stand, cell.inlined);
}

Outcome measure_discover(Stand& stand, Client& client, const Cell& cell) {
  client.proposal->set_in_flight(cell.parallel);
  const auto before = client.wire->cost();
  const auto begun = steady_clock::now();
  const auto found = client.proposal->discover(stand.subject, all_signatures());
  Measured measured{since(begun), client.wire->cost() - before, 0, found ? found->size() : 0};
  if (!found) return Wrong(found.error().message);
  if (found->size() != stand.count) {
    return Wrong(fmt::format("{} are found of {}", found->size(), stand.count));
  }
  return held_to(measured, stand.discovery);
}

Outcome measure_attach(Stands& stands, Stand& stand, Client& client, const Cell& cell) {
  // Each time another one: a client pushes no blob twice.
  const auto one = stands.attachments(1, cell.count + stand.attached++);
  const auto before = client.wire->cost();
  const auto begun = steady_clock::now();
  const auto done = client.proposal->attach(stand.subject, one);
  Measured measured{since(begun), client.wire->cost() - before, 0, 0};
  if (!done) return Wrong(done.error().message);
  auto found = client.proposal->discover(stand.subject, all_signatures());
  if (!found) return Wrong(found.error().message);
  if (found->size() != stand.count + 1) {
    return Wrong(fmt::format("one more than {} was attached, and {} are found", stand.count, found->size()));
  }
  measured.found = found->size();
  if (auto described = client.proposal->describe(*found, proposals::Proposal::Detail::kAnnotations); !described)
    return Wrong(described.error().message);
  for (const auto& entry : *found) {
    const auto number = entry.annotations.find(std::string(kNumber));
    const bool last =
        number != entry.annotations.end() && number->second == one.front().annotations.at(std::string(kNumber));
    // A registry that deletes nothing has one more the next time.
    if (last) (void)client.proposal->detach(stand.subject, entry);
  }
  const auto left = client.proposal->discover(stand.subject, all_signatures());
  if (!left) return Wrong(left.error().message);
  stand.count = left->size();
  return held_to(measured, of(cell, stand, "attach"));
}

Outcome measure_pull(Stands& stands, Stand& stand, Client& client, const Cell& cell) {
  const auto before = client.wire->cost();
  const auto begun = steady_clock::now();
  auto pulled = pull_image(client, stand.subject.tag, cell.parallel);
  if (!pulled) return Wrong(pulled.error());
  const proposals::Subject seen{stand.subject.descriptor, stand.subject.tag, std::move(pulled->root)};
  auto verified = right_verification(client, seen, stands, stand, cell);
  if (!verified) return Wrong(verified.error());
  const Measured measured{since(begun), client.wire->cost() - before, verified->decision.verified, verified->found};
  // The tag, the platform's manifest, config and layers.
  const auto image = 2 + stand.image_blobs;
  return held_to(measured, image + of(cell, stand, "pull") + verification(cell, stand));
}

Outcome measure_copy(Stands& stands, Stand& stand, Client& client, const Cell& cell) {
  auto other = stands.elsewhere(cell);
  if (!other) return Wrong(other.error().reason);
  const conformance::Site from(client.registry, client.repository);
  const conformance::Site to(other->registry, other->repository);
  const auto before = client.wire->cost();
  const auto there_before = other->wire->cost();
  const auto begun = steady_clock::now();
  const auto tree = conformance::copy_tree(from, stand.subject, to);
  if (!tree) return Wrong(tree.error().message);
  proposals::Subject there = stand.subject;
  const auto parcels = client.proposal->pack(stand.subject);
  if (!parcels) return Wrong(parcels.error().message);
  if (auto done = other->proposal->unpack(there, *parcels); !done) return Wrong(done.error().message);
  Measured measured{since(begun), client.wire->cost() - before, 0, 0};
  const auto written = other->wire->cost() - there_before;
  measured.cost.requests += written.requests;
  measured.cost.bytes_up += written.bytes_up;
  measured.cost.bytes_down += written.bytes_down;
  const auto arrived = other->proposal->discover(there, all_signatures());
  if (!arrived) return Wrong(arrived.error().message);
  if (arrived->size() != stand.count) return Wrong(fmt::format("{} of {} arrived", arrived->size(), stand.count));
  measured.found = arrived->size();
  auto held = held_to(measured, of(cell, stand, "copy"));
  if (!held) return held;
  // The image's own tree is part of what a copy costs, and of no formula.
  held->cost.requests += tree->requests;
  held->cost.bytes_up += tree->uploaded;
  return held;
}

Outcome operate(Stands& stands, Stand& stand, Client& client, const Cell& cell) {
  switch (cell.operation) {
    case Operation::kAttach:
      return measure_attach(stands, stand, client, cell);
    case Operation::kDiscover:
      return measure_discover(stand, client, cell);
    case Operation::kVerify:
      return measure_verify(stands, stand, client, cell);
    case Operation::kPull:
      return measure_pull(stands, stand, client, cell);
    case Operation::kCopy:
      break;
  }
  return measure_copy(stands, stand, client, cell);
}

}  // namespace

Outcome measure(Stands& stands, const Cell& cell) try {
  auto stand = stands.stand(cell);
  if (!stand) return Wrong(stand.error().reason);
  auto client = stands.client(cell);
  if (!client) return Wrong(client.error().reason);
  const auto& sender = (*client)->registry->client();
  const auto before = sender.waits();
  auto outcome = operate(stands, **stand, **client, cell);
  const auto waits = sender.waits() - before;
  if (!outcome || waits == 0) return outcome;
  return Wrong(
      fmt::format("the registry answered {} of its requests with 429 or 503: the time is that of waiting", waits));
} catch (const tl::bad_expected_access<http::Error>& lost) {
  // Copying a tree is borrowed from the checks, which a lost connection ends that way.
  return Wrong(lost.error().message);
}

}  // namespace referee::suites::benchmarks
