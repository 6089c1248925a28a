// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {ITerraLuminaOwnership} from "../ITerraLuminaOwnership.sol";
import {ProjectWord, ProjectWords} from "./ProjectWord.sol";
import {States} from "./States.sol";
import {ProjectFacts, Store} from "./Store.sol";

/// @title Projects: creation, states, settings, metadata. Linked, because it is called rarely.
library Projects {
    function create(Store storage store, uint24 projectId, ITerraLuminaOwnership.ProjectTerms calldata terms) external {
        if (store.projects[projectId].state() != ITerraLuminaOwnership.State.None) {
            revert ITerraLuminaOwnership.ProjectAlreadyExists(projectId);
        }
        if (
            projectId == 0 || terms.cap == 0 || terms.dailyMintCap == 0 || terms.maxHolderBps > 10_000
                || terms.payoutToken.code.length == 0
        ) revert ITerraLuminaOwnership.InvalidTerms();
        store.projects[projectId] = ProjectWords.create(terms.cap, terms.maxHolders, terms.maxHolderBps);
        store.budgets[projectId].cap = terms.dailyMintCap;
        ProjectFacts storage facts = store.facts[projectId];
        facts.payoutToken = terms.payoutToken;
        facts.lockDays = terms.lockDays;
        facts.treasury = terms.treasury;
        facts.exitTargetPerUnit = terms.exitTargetPerUnit;
        facts.buyOutPerUnit = terms.buyOutPerUnit;
        emit ITerraLuminaOwnership.ProjectCreated(projectId, terms);
        emit ITerraLuminaOwnership.ProjectStateChanged(projectId, ITerraLuminaOwnership.State.Draft, 0);
        _setMetadata(store, projectId, terms.metadataHash, terms.uri);
    }

    /// @dev The edges that need no more than a word: the sale's, and those of whoever manages projects.
    function setState(
        Store storage store,
        uint256 projectId,
        ITerraLuminaOwnership.State to,
        bytes32 reason,
        bool bySale
    ) external {
        ITerraLuminaOwnership.State from = States.existing(store, projectId).state();
        bool allowed = bySale ? _isSaleEdge(from, to) : _isPlainEdge(from, to);
        if (!allowed) revert ITerraLuminaOwnership.InvalidStateChange(projectId, from, to);
        States.change(store, projectId, from, to, reason);
    }

    function setDailyMintCap(Store storage store, uint256 projectId, uint56 units) external {
        States.existing(store, projectId);
        store.budgets[projectId].cap = units;
        emit ITerraLuminaOwnership.DailyMintCapSet(projectId, units);
    }

    function setRules(Store storage store, uint256 projectId, address rules) external {
        ProjectWord project = States.existing(store, projectId);
        if (rules != address(0) && rules.code.length == 0) revert ITerraLuminaOwnership.InvalidRules(rules);
        store.facts[projectId].rules = rules;
        store.projects[projectId] = project.withRules(rules != address(0));
        emit ITerraLuminaOwnership.RulesSet(projectId, rules);
    }

    function setBlockedCountries(Store storage store, uint256 projectId, uint256[4] calldata blocked) external {
        ProjectWord project = States.existing(store, projectId);
        store.blockedCountries[projectId] = blocked;
        store.projects[projectId] = project.withCountries(blocked[0] | blocked[1] | blocked[2] | blocked[3] != 0);
        emit ITerraLuminaOwnership.CountriesSet(projectId, blocked);
    }

    function setMetadata(Store storage store, uint256 projectId, bytes32 metadataHash, string calldata uri) external {
        States.existing(store, projectId);
        _setMetadata(store, projectId, metadataHash, uri);
    }

    function freezeMetadata(Store storage store, uint256 projectId) external {
        States.existing(store, projectId);
        ProjectFacts storage facts = store.facts[projectId];
        _requireNotFrozen(facts, projectId);
        facts.metadataFrozen = true;
        emit ITerraLuminaOwnership.MetadataFrozen(projectId, facts.metadataVersion);
    }

    function _isPlainEdge(ITerraLuminaOwnership.State from, ITerraLuminaOwnership.State to)
        private
        pure
        returns (bool)
    {
        if (from == ITerraLuminaOwnership.State.Draft) {
            return to == ITerraLuminaOwnership.State.Active || to == ITerraLuminaOwnership.State.Closed;
        }
        return from == ITerraLuminaOwnership.State.Active && to == ITerraLuminaOwnership.State.Paused
            || from == ITerraLuminaOwnership.State.Paused && to == ITerraLuminaOwnership.State.Active;
    }

    function _isSaleEdge(ITerraLuminaOwnership.State from, ITerraLuminaOwnership.State to)
        private
        pure
        returns (bool)
    {
        if (from == ITerraLuminaOwnership.State.Draft) return to == ITerraLuminaOwnership.State.Funding;
        return from == ITerraLuminaOwnership.State.Funding
            && (to == ITerraLuminaOwnership.State.Active || to == ITerraLuminaOwnership.State.Closed);
    }

    function _setMetadata(Store storage store, uint256 projectId, bytes32 metadataHash, string calldata uri) private {
        if (metadataHash == 0 || bytes(uri).length == 0) revert ITerraLuminaOwnership.InvalidTerms();
        ProjectFacts storage facts = store.facts[projectId];
        _requireNotFrozen(facts, projectId);
        uint32 version = facts.metadataVersion + 1;
        facts.metadataVersion = version;
        facts.metadataHash = metadataHash;
        facts.uri = uri;
        emit ITerraLuminaOwnership.MetadataSet(projectId, version, metadataHash, uri);
        emit IERC1155.URI(uri, projectId);
    }

    function _requireNotFrozen(ProjectFacts storage facts, uint256 projectId) private view {
        if (facts.metadataFrozen) revert ITerraLuminaOwnership.MetadataIsFrozen(projectId, facts.metadataVersion);
    }
}
