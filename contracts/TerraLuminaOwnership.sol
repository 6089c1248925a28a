// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {IERC1155MetadataURI} from "@openzeppelin/contracts/token/ERC1155/extensions/IERC1155MetadataURI.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {ITerraLuminaOwnership} from "./ITerraLuminaOwnership.sol";
import {Earnings} from "./ledger/Earnings.sol";
import {Exits} from "./ledger/Exits.sol";
import {IERC5615} from "./ledger/IERC5615.sol";
import {Minting} from "./ledger/Minting.sol";

/// @title The ledger of units. Holds no money, has no proxy, can't be upgraded.
/// @dev Its parts stand in ledger/: state, restrictions, holdings, minting, earnings, exits.
contract TerraLuminaOwnership is Minting, Earnings, Exits {
    /// @param admin Grants the roles; a timelock behind a multisig in production
    /// @param noticeSeconds Shortest notice of an exit
    constructor(address admin, uint40 noticeSeconds) Exits(noticeSeconds) {
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
    }

    /// @inheritdoc ITerraLuminaOwnership
    function createProject(uint24 projectId, ProjectTerms calldata terms) external onlyRole(PROJECT_ROLE) {
        ProjectSlot storage project = _projects[projectId];
        if (project.state != State.None) revert ProjectAlreadyExists(projectId);
        if (
            projectId == 0 || terms.cap == 0 || terms.payoutToken.code.length == 0 || terms.metadataHash == 0
                || bytes(terms.uri).length == 0
        ) revert InvalidTerms();
        project.state = State.Active;
        project.cap = terms.cap;
        project.maxHolders = terms.maxHolders;
        project.lockDays = terms.lockDays;
        _facts[projectId].payoutToken = terms.payoutToken;
        _facts[projectId].exitTargetPerUnit = terms.exitTargetPerUnit;
        emit ProjectCreated(
            projectId, terms.cap, terms.maxHolders, terms.lockDays, terms.payoutToken, terms.exitTargetPerUnit
        );
        emit ProjectStateChanged(projectId, State.Active, 0);
        _setMetadata(projectId, terms.metadataHash, terms.uri);
    }

    /// @inheritdoc ITerraLuminaOwnership
    function setProjectState(uint24 projectId, State state, bytes32 reason) external onlyRole(PROJECT_ROLE) {
        if (state == State.Paused) {
            _changeState(projectId, State.Active, State.Paused, reason);
        } else if (state == State.Active) {
            _changeState(projectId, State.Paused, State.Active, reason);
        } else {
            revert InvalidStateChange(projectId, _existing(projectId).state, state);
        }
    }

    /// @inheritdoc ITerraLuminaOwnership
    function setAccount(address account, Account calldata record) external onlyRole(REGISTRAR_ROLE) {
        _accounts[account] = record;
        emit AccountSet(account, record.flags, record.expiry, record.country, record.class, record.investorId);
    }

    /// @inheritdoc ITerraLuminaOwnership
    function setMetadata(uint24 projectId, bytes32 metadataHash, string calldata newUri)
        external
        onlyRole(METADATA_ROLE)
    {
        _existing(projectId);
        if (metadataHash == 0 || bytes(newUri).length == 0) revert InvalidTerms();
        _setMetadata(projectId, metadataHash, newUri);
    }

    /// @inheritdoc ITerraLuminaOwnership
    function pause() external onlyRole(PAUSER_ROLE) {
        _pause();
    }

    /// @inheritdoc ITerraLuminaOwnership
    function unpause() external onlyRole(DEFAULT_ADMIN_ROLE) {
        _unpause();
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) public view override(AccessControl, IERC165) returns (bool) {
        return interfaceId == type(IERC1155).interfaceId || interfaceId == type(IERC1155MetadataURI).interfaceId
            || interfaceId == type(IERC5615).interfaceId || super.supportsInterface(interfaceId);
    }

    function _setMetadata(uint24 projectId, bytes32 metadataHash, string calldata newUri) private {
        ProjectFacts storage facts = _facts[projectId];
        uint32 version = facts.metadataVersion + 1;
        facts.metadataVersion = version;
        facts.metadataHash = metadataHash;
        facts.uri = newUri;
        emit MetadataSet(projectId, version, metadataHash, newUri);
        emit URI(newUri, projectId);
    }
}
