// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {ILedgerErrors} from "./ILedgerErrors.sol";
import {ILedgerEvents} from "./ILedgerEvents.sol";
import {ILedgerTypes} from "./ILedgerTypes.sol";
import {ProjectWord, ProjectWords} from "./ProjectWord.sol";
import {States} from "./States.sol";
import {ProjectFacts, Store} from "./Store.sol";

/// @title Projects: creation, states, settings, metadata. Linked, because it is called rarely.
library Projects {
    uint256 private constant BPS = 10_000;

    /// @notice See {ITerraLuminaOwnership-createProject}.
    function create(Store storage store, uint24 projectId, ILedgerTypes.ProjectTerms calldata terms) external {
        if (store.projects[projectId].state() != ILedgerTypes.State.None) {
            revert ILedgerErrors.ProjectAlreadyExists(projectId);
        }
        _requireSound(store, projectId, terms);
        store.projects[projectId] = ProjectWords.create(terms.cap, terms.maxHolders, terms.maxHolderBps);
        store.budgets[projectId].cap = terms.dailyMintCap;
        ProjectFacts storage facts = store.facts[projectId];
        facts.payoutToken = terms.payoutToken;
        facts.lockDays = terms.lockDays;
        facts.treasury = terms.treasury;
        facts.exitTargetPerUnit = terms.exitTargetPerUnit;
        facts.buyOutPerUnit = terms.buyOutPerUnit;
        emit ILedgerEvents.ProjectCreated(projectId, terms);
        emit ILedgerEvents.ProjectStateChanged(projectId, ILedgerTypes.State.Draft, 0);
        _setMetadata(store, projectId, terms.metadataHash, terms.uri);
    }

    /// @notice See {ITerraLuminaOwnership-setProjectState} and {ITerraLuminaOwnership-setSaleState}.
    /// @dev The edges that need no more than a word: the sale's, and those of whoever manages projects.
    function setState(
        Store storage store,
        uint256 projectId,
        ILedgerTypes.State to,
        bytes32 reason,
        bool bySale
    ) external {
        ILedgerTypes.State from = States.existing(store, projectId).state();
        bool allowed = bySale ? _isSaleEdge(from, to) : _isPlainEdge(from, to);
        if (!allowed) revert ILedgerErrors.InvalidStateChange(projectId, from, to);
        States.change(store, projectId, from, to, reason);
    }

    /// @notice See {ITerraLuminaOwnership-setDailyMintCap}.
    function setDailyMintCap(Store storage store, uint256 projectId, uint56 units) external {
        States.existing(store, projectId);
        store.budgets[projectId].cap = units;
        emit ILedgerEvents.DailyMintCapSet(projectId, units);
    }

    /// @notice See {ITerraLuminaOwnership-setRules}.
    function setRules(Store storage store, uint256 projectId, address rules) external {
        ProjectWord project = States.existing(store, projectId);
        if (rules != address(0) && rules.code.length == 0) revert ILedgerErrors.InvalidRules(rules);
        store.facts[projectId].rules = rules;
        store.projects[projectId] = project.withRules(rules != address(0));
        emit ILedgerEvents.RulesSet(projectId, rules);
    }

    /// @notice See {ITerraLuminaOwnership-setBlockedCountries}.
    function setBlockedCountries(Store storage store, uint256 projectId, uint256[4] calldata blocked) external {
        ProjectWord project = States.existing(store, projectId);
        store.blockedCountries[projectId] = blocked;
        store.projects[projectId] = project.withCountries(blocked[0] | blocked[1] | blocked[2] | blocked[3] != 0);
        emit ILedgerEvents.CountriesSet(projectId, blocked);
    }

    /// @notice See {ITerraLuminaOwnership-setMetadata}.
    function setMetadata(Store storage store, uint256 projectId, bytes32 metadataHash, string calldata uri) external {
        States.existing(store, projectId);
        _setMetadata(store, projectId, metadataHash, uri);
    }

    /// @notice See {ITerraLuminaOwnership-freezeMetadata}.
    function freezeMetadata(Store storage store, uint256 projectId) external {
        States.existing(store, projectId);
        ProjectFacts storage facts = store.facts[projectId];
        _requireNotFrozen(facts, projectId);
        facts.metadataFrozen = true;
        emit ILedgerEvents.MetadataFrozen(projectId, facts.metadataVersion);
    }

    function _requireSound(Store storage store, uint24 projectId, ILedgerTypes.ProjectTerms calldata terms)
        private
        view
    {
        uint256 most = uint256(terms.cap) * terms.maxHolderBps;
        _require(projectId != 0, "projectId");
        _require(terms.cap != 0, "cap");
        _require(terms.dailyMintCap != 0, "dailyMintCap");
        // A limit that rounds to nothing would let nobody hold a unit.
        _require(terms.maxHolderBps <= BPS && (most == 0 || most >= BPS), "maxHolderBps");
        _require(terms.payoutToken.code.length != 0, "payoutToken");
        // Money sent to either could never leave it.
        bool isVault = store.roles[terms.treasury] == ILedgerTypes.Role.Vault;
        _require(terms.treasury != address(this) && !isVault, "treasury");
    }

    function _require(bool sound, string memory member) private pure {
        if (!sound) revert ILedgerErrors.InvalidTerms(member);
    }

    function _isPlainEdge(ILedgerTypes.State from, ILedgerTypes.State to)
        private
        pure
        returns (bool)
    {
        if (from == ILedgerTypes.State.Draft) {
            return to == ILedgerTypes.State.Active || to == ILedgerTypes.State.Closed;
        }
        return from == ILedgerTypes.State.Active && to == ILedgerTypes.State.Paused
            || from == ILedgerTypes.State.Paused && to == ILedgerTypes.State.Active;
    }

    function _isSaleEdge(ILedgerTypes.State from, ILedgerTypes.State to)
        private
        pure
        returns (bool)
    {
        if (from == ILedgerTypes.State.Draft) return to == ILedgerTypes.State.Funding;
        return from == ILedgerTypes.State.Funding
            && (to == ILedgerTypes.State.Active || to == ILedgerTypes.State.Closed);
    }

    function _setMetadata(Store storage store, uint256 projectId, bytes32 metadataHash, string calldata uri) private {
        _require(metadataHash != 0, "metadataHash");
        _require(bytes(uri).length != 0, "uri");
        ProjectFacts storage facts = store.facts[projectId];
        _requireNotFrozen(facts, projectId);
        uint32 version = facts.metadataVersion + 1;
        facts.metadataVersion = version;
        facts.metadataHash = metadataHash;
        facts.uri = uri;
        emit ILedgerEvents.MetadataSet(projectId, version, metadataHash, uri);
        emit IERC1155.URI(uri, projectId);
    }

    function _requireNotFrozen(ProjectFacts storage facts, uint256 projectId) private view {
        if (facts.metadataFrozen) revert ILedgerErrors.MetadataIsFrozen(projectId, facts.metadataVersion);
    }
}
