#include <gmock/gmock.h>

#include <algorithm>

#include "conformance/proposals/node.hpp"
#include "conformance/registration.hpp"

/// Proposal C, "Registry HTTP API": what a registry says of nodes below /v3/.
namespace referee::suites::proposal_checks {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): checks read as sentences

namespace {

Json json_body_of(const http::Response& response) {
  return Json::parse(response.body, nullptr, false);
}

oci::Content referring_node(Context& t, const oci::Descriptor& target, const std::string& text = "referring") {
  auto fields = node_fields(t, text);
  fields["objects"] = Json::array({oci::to_json(t.pushed_blob().descriptor())});
  fields["reference"] = oci::to_json(target);
  return pushed_node(t, fields);
}

/// The text of a description: the proposal's sample is no JSON, so that a text or an object around it will do.
std::optional<std::string> description_in(const http::Response& response) {
  auto json = json_body_of(response);
  if (json.is_object() && json.contains("description")) json = Json(json["description"]);
  if (!json.is_string()) return std::nullopt;
  return json.get<std::string>();
}

void register_answers(Catalogue& catalogue) {
  catalogue.add({.id = "proposals/c/api/referrers",
                 .title = "The referrers of a tag or digest are the nodes that refer to it",
                 .how = "Pushes two nodes that refer to an image and lists by digest and by tag. The proposal's sample "
                        "lists what a node holds instead: which reading the target follows is observed.",
                 .requirements = {"C.api.referrers"},
                 .needs = kNeedsC,
                 .after = kNodePushed,
                 .kills = {"r.C.referrers-objects"},
                 .tags = {},
                 .profiles = kOnC,
                 .body = [](Context& t) {
                   const auto image = t.pushed_image(t.tag("v1"));
                   const auto blob = oci::to_json(t.pushed_blob().descriptor());
                   std::vector<oci::Content> nodes;
                   for (const auto* text : {"first", "second"}) {
                     auto fields = node_fields(t, text);
                     fields["objects"] = Json::array({blob});
                     fields["reference"] = oci::to_json(image.descriptor());
                     nodes.push_back(pushed_node(t, fields));
                   }
                   const auto list = nodes_for(t, image.digest().str(), 2);
                   const auto held = blob["digest"].get<std::string>();
                   const bool objects = std::ranges::any_of(
                       list.entries, [&](const oci::Descriptor& entry) { return entry.digest == held; });
                   t.observe("reading", objects ? "objects" : "nodes");
                   expect_exactly(list, nodes);
                   expect_exactly(nodes_for(t, t.tag("v1"), 2), nodes);
                 }});
  catalogue.add({.id = "proposals/c/api/reference",
                 .title = "The reference of a node is its descriptor, or nothing",
                 .how =
                     "Asks for the reference of a node that has one, of one that has none, and of an image, which is "
                     "observed.",
                 .requirements = {"C.api.reference"},
                 .needs = kNeedsC,
                 .after = kNodePushed,
                 .kills = {"r.C.reference-null-404"},
                 .tags = {},
                 .profiles = kOnC,
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   const auto content = referring_node(t, image.descriptor());
                   const auto answer = ask_v3(t, "reference", content.digest().str());
                   ASSERT_THAT(answer, HasStatus(200));
                   EXPECT_EQ(json_body_of(answer), oci::to_json(image.descriptor()));
                   const auto bare = pushed_node(t, node_fields(t, "bare"));
                   const auto none = ask_v3(t, "reference", bare.digest().str());
                   EXPECT_THAT(none, HasStatusIn({200, 204}));
                   const auto body = json_body_of(none);
                   EXPECT_TRUE(none.body.empty() || body.is_null() || body == Json::object())
                       << "a node without reference has one: " << none.body;
                   t.observe("of an image", std::to_string(ask_v3(t, "reference", image.digest().str()).status));
                 }});
  catalogue.add({.id = "proposals/c/api/objects",
                 .title = "The objects of a node are those that were pushed, in their order",
                 .how = "Asks for the objects of nodes that hold none, one, and a hundred.",
                 .requirements = {"C.api.objects", "C.push.objects-order"},
                 .needs = kNeedsC,
                 .after = kNodePushed,
                 .kills = {"r.C.objects-reordered"},
                 .tags = {},
                 .profiles = kOnC,
                 .body = [](Context& t) {
                   const auto blob = t.pushed_blob();
                   for (const int count : {0, 1, 100}) {
                     auto fields = node_fields(t, "objects");
                     for (int i = 0; i < count; ++i) {
                       auto object = blob.descriptor();
                       object.media_type = "application/vnd.referee.object" + std::to_string((i * 37) % 101);
                       fields["objects"].push_back(oci::to_json(object));
                     }
                     const auto content = pushed_node(t, fields);
                     const auto answer = ask_v3(t, "objects", content.digest().str());
                     ASSERT_THAT(answer, HasStatus(200));
                     const auto body = json_body_of(answer);
                     ASSERT_TRUE(body.is_object() && body.contains("objects"))
                         << "the node that was pushed comes back as an object with `objects`: "
                         << answer.body.substr(0, 80);
                     EXPECT_TRUE(body["objects"] == fields["objects"]) << count << " objects came back otherwise";
                   }
                 }});
  catalogue.add({.id = "proposals/c/api/description",
                 .title = "The description of a node is its text, whole",
                 .how = "Pushes a node whose description has 64 KiB, quotes, line ends and letters beyond ASCII.",
                 .requirements = {"C.api.description"},
                 .needs = kNeedsC,
                 .after = kNodePushed,
                 .kills = {"r.C.description-lost"},
                 .tags = {},
                 .profiles = kOnC,
                 .body = [](Context& t) {
                   auto fields = node_fields(t, "Gr\xC3\xBC\xC3\x9F \"an alle\"\n" + std::string(65536, 'x'));
                   const auto content = pushed_node(t, fields, t.tag("node"));
                   const auto answer = ask_v3(t, "description", t.tag("node"));
                   ASSERT_THAT(answer, HasStatus(200));
                   const auto text = description_in(answer);
                   EXPECT_TRUE(text && *text == fields["description"].get<std::string>())
                       << "the description came back otherwise";
                 }});
}

void register_c_claims(Catalogue& catalogue) {
  catalogue.add({.id = "proposals/c/detect/v3",
                 .title = "GET /v3/ tells whether a registry knows nodes",
                 .how = "Asks for it, and tries to push a node.",
                 .requirements = {"C.detect.v3"},
                 .needs = {},
                 .after = {},
                 .kills = {"r.C.v3-absent"},
                 .tags = {},
                 .profiles = {"c", "oci-1.0"},
                 .body = [](Context& t) {
                   t.pushed_image();
                   const auto base = t.registry().request("GET", "/v3/").value().status;
                   const auto pushed = put_node(t, node(node_fields(t, "probe"))).status;
                   t.observe("GET /v3/", std::to_string(base));
                   t.observe("push of a node", std::to_string(pushed));
                   t.observe("claim", (base == 200) == (pushed == 201) ? "confirmed" : "refuted");
                 }});
  catalogue.add({.id = "proposals/c/compat/v3-to-v2",
                 .title = "A node below /v3/ may refer to an image that was pushed below /v2/",
                 .how = "Pushes an image below /v2/ and a node that refers to it below /v3/, and lists.",
                 .requirements = {"C.compat.v3-to-v2"},
                 .needs = kNeedsC,
                 .after = {},
                 .kills = {"r.C.referrers-objects"},
                 .tags = {"compatibility"},
                 .profiles = kOnC,
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   const auto content = referring_node(t, image.descriptor());
                   const auto listed = digests(nodes_for(t, image.digest().str(), 1).entries);
                   t.observe("claim",
                             listed == std::vector<std::string>{content.digest().str()} ? "confirmed" : "refuted");
                 }});
  catalogue.add({.id = "proposals/c/compat/v2-untouched",
                 .title = "What there was before works as before",
                 .how = "With a node in the repository, pushes an image below /v2/ under a tag and pulls manifest and "
                        "layer.",
                 .requirements = {"C.api.v2-untouched"},
                 .needs = kNeedsC,
                 .after = {},
                 .kills = {"r.get.ct-generic"},
                 .tags = {"compatibility"},
                 .profiles = kOnC,
                 .body = [](Context& t) {
                   referring_node(t, t.pushed_image().descriptor());
                   const auto image = t.pushed_image(t.tag("v1"));
                   const auto answer = t.registry().get_manifest(t.repository(), t.tag("v1")).value();
                   const auto layer = t.registry().get_blob(t.repository(), image.blobs.at(1).digest().str()).value();
                   const bool manifest = answer.body == image.manifest.bytes() &&
                                         answer.header("Content-Type") == image.manifest.media_type();
                   t.observe("claim", manifest && layer.body == image.blobs.at(1).bytes() ? "confirmed" : "refuted");
                 }});
  catalogue.add({.id = "proposals/c/gc/reference-no-root",
                 .title = "A node does not go with what it refers to",
                 .how = "Deletes the image that a tagged node refers to, and pulls the node.",
                 .requirements = {"C.gc.reference-not-a-root"},
                 .needs = {Capability::kNodes, Capability::kManifestDelete},
                 .after = {},
                 .kills = {"r.del.cascade-tagged"},
                 .tags = {},
                 .profiles = kOnC,
                 .body = [](Context& t) {
                   const auto image = t.pushed_image();
                   const auto content = referring_node(t, image.descriptor());
                   if (put_node(t, content, t.tag("node")).status != 201) {
                     throw SetupFailed{"set-up: a node could not be tagged"};
                   }
                   const auto digest = image.digest().str();
                   t.observe("delete",
                             std::to_string(t.registry().delete_manifest(t.repository(), digest).value().status));
                   (void)gone_manifest(t, digest);
                   const auto kept = ask_v3(t, "manifests", content.digest().str()).status == 200;
                   t.observe("claim", kept ? "confirmed" : "refuted");
                 }});
}

}  // namespace

void register_c_api(Catalogue& catalogue) {
  register_answers(catalogue);
  register_c_claims(catalogue);
}

}  // namespace referee::suites::proposal_checks
