// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {IERC1155MetadataURI} from "@openzeppelin/contracts/token/ERC1155/extensions/IERC1155MetadataURI.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {Callers} from "./access/Callers.sol";
import {ITerraLuminaOwnership} from "./ITerraLuminaOwnership.sol";
import {Earnings} from "./ledger/Earnings.sol";
import {Enforcement} from "./ledger/Enforcement.sol";
import {Exits} from "./ledger/Exits.sol";
import {IERC5615} from "./ledger/IERC5615.sol";
import {IERC7943MultiToken} from "./ledger/IERC7943MultiToken.sol";
import {Minting} from "./ledger/Minting.sol";
import {Position} from "./ledger/Position.sol";
import {Projects} from "./ledger/Projects.sol";
import {ProjectWord} from "./ledger/ProjectWord.sol";
import {Relinks} from "./ledger/Relinks.sol";
import {Roles} from "./ledger/Roles.sol";
import {ProjectFacts} from "./ledger/Store.sol";

/// @title The ledger of units. Holds no money, has no proxy, can't be upgraded.
/// @dev What happens often stands in its bases (restrictions, holdings, vouchers, mints, earnings); what happens rarely
/// in linked libraries (projects, enforcement, relinks, exits), to which it only opens the doors. All in ledger/.
contract TerraLuminaOwnership is Minting, Earnings, IERC5615 {
    /// @inheritdoc ITerraLuminaOwnership
    uint40 public immutable minNoticeSeconds;

    /// @param authority The access manager that decides who may call what is `authorised`
    /// @param forwarder ERC-2771: may call for holders, never for roles; fixed for ever
    /// @param minNoticeSeconds_ Shortest notice of an exit
    constructor(address authority, address forwarder, uint40 minNoticeSeconds_) Callers(authority, forwarder) {
        minNoticeSeconds = minNoticeSeconds_;
    }

    /// @inheritdoc ITerraLuminaOwnership
    function createProject(uint24 projectId, ProjectTerms calldata terms) external authorised {
        Projects.create(_store, projectId, terms);
    }

    /// @inheritdoc ITerraLuminaOwnership
    function setProjectState(uint256 projectId, State state, bytes32 reason) external authorised {
        Projects.setState(_store, projectId, state, reason, false);
    }

    /// @inheritdoc ITerraLuminaOwnership
    function setSaleState(uint256 projectId, State state) external onlyRole(Role.Sale) {
        Projects.setState(_store, projectId, state, 0, true);
    }

    /// @inheritdoc ITerraLuminaOwnership
    function setDailyMintCap(uint256 projectId, uint56 units) external authorised {
        Projects.setDailyMintCap(_store, projectId, units);
    }

    /// @inheritdoc ITerraLuminaOwnership
    function setRules(uint256 projectId, address rules) external authorised {
        Projects.setRules(_store, projectId, rules);
    }

    /// @inheritdoc ITerraLuminaOwnership
    function setBlockedCountries(uint256 projectId, uint256[4] calldata blocked) external authorised {
        Projects.setBlockedCountries(_store, projectId, blocked);
    }

    /// @inheritdoc ITerraLuminaOwnership
    function setMetadata(uint256 projectId, bytes32 metadataHash, string calldata newUri) external authorised {
        Projects.setMetadata(_store, projectId, metadataHash, newUri);
    }

    /// @inheritdoc ITerraLuminaOwnership
    function freezeMetadata(uint256 projectId) external authorised {
        Projects.freezeMetadata(_store, projectId);
    }

    /// @inheritdoc ITerraLuminaOwnership
    function pause() external authorised {
        _store.paused = true;
        emit Paused(msg.sender);
    }

    /// @inheritdoc ITerraLuminaOwnership
    function unpause() external authorised {
        _store.paused = false;
        emit Unpaused(msg.sender);
    }

    /// @inheritdoc ITerraLuminaOwnership
    function setRole(address account, Role role) external authorised {
        Roles.set(_store, account, role);
    }

    /// @inheritdoc ITerraLuminaOwnership
    function setAccount(address account, Account calldata record) external onlyRole(Role.Registrar) {
        Relinks.setAccount(_store, account, record);
    }

    /// @inheritdoc ITerraLuminaOwnership
    function relinkWallet(address from, address to, Account calldata record) external onlyRole(Role.Registrar) {
        Relinks.relink(_store, from, to, record);
    }

    /// @inheritdoc ITerraLuminaOwnership
    function moveHoldings(address from, uint256[] calldata projectIds) external nonReentrant {
        Relinks.moveMany(_store, from, projectIds);
    }

    /// @inheritdoc ITerraLuminaOwnership
    function release(bytes32[] calldata investmentIds) external {
        Enforcement.release(_store, investmentIds);
    }

    /// @inheritdoc IERC7943MultiToken
    function setFrozenTokens(address account, uint256 projectId, uint256 units) external authorised returns (bool) {
        Enforcement.setFrozen(_store, account, projectId, units);
        return true;
    }

    /// @inheritdoc IERC7943MultiToken
    function forcedTransfer(address from, address to, uint256 projectId, uint256 units)
        external
        authorised
        nonReentrant
        returns (bool)
    {
        Enforcement.forcedTransfer(_store, from, to, projectId, units);
        return true;
    }

    /// @inheritdoc ITerraLuminaOwnership
    function transferLots(bytes32[] calldata investmentIds, address to, bytes32 reason)
        external
        authorised
        nonReentrant
    {
        Enforcement.transferLots(_store, investmentIds, to, reason);
    }

    /// @inheritdoc ITerraLuminaOwnership
    function reverseInvestment(bytes32 investmentId, bytes32 reason) external authorised {
        Enforcement.reverse(_store, investmentId, reason);
    }

    /// @inheritdoc ITerraLuminaOwnership
    function announceExit(uint256 projectId, address communityDao, uint40 notBefore) external authorised nonReentrant {
        Exits.announce(_store, projectId, communityDao, notBefore, minNoticeSeconds);
    }

    /// @inheritdoc ITerraLuminaOwnership
    function cancelExit(uint256 projectId) external authorised {
        Exits.cancel(_store, projectId);
    }

    /// @inheritdoc ITerraLuminaOwnership
    function beginExit(uint256 projectId) external authorised nonReentrant {
        Exits.begin(_store, projectId, false);
    }

    /// @inheritdoc ITerraLuminaOwnership
    function beginExitByBuyOut(uint256 projectId) external onlyRole(Role.Vault) nonReentrant {
        Exits.begin(_store, projectId, true);
    }

    /// @inheritdoc ITerraLuminaOwnership
    function exitBatch(uint256 projectId, address[] calldata holders)
        external
        nonReentrant
        returns (uint256 remaining)
    {
        return Exits.batch(_store, projectId, holders);
    }

    /// @inheritdoc ITerraLuminaOwnership
    function finalizeExit(uint256 projectId) external nonReentrant {
        Exits.finalize(_store, projectId);
    }

    /// @inheritdoc ITerraLuminaOwnership
    function projectOf(uint256 projectId) external view returns (Project memory description) {
        ProjectWord project = _store.projects[projectId];
        ProjectFacts storage facts = _store.facts[projectId];
        description.state = project.state();
        description.cap = uint56(project.cap());
        description.supply = uint56(project.supply());
        description.epoch = uint24(project.epoch());
        description.holders = uint32(project.holders());
        description.maxHolders = uint32(project.maxHolders());
        description.maxHolderBps = uint16(project.maxHolderBps());
        description.lockDays = facts.lockDays;
        description.dailyMintCap = _store.budgets[projectId].cap;
        description.payoutToken = facts.payoutToken;
        description.treasury = facts.treasury;
        description.exitTargetPerUnit = facts.exitTargetPerUnit;
        description.buyOutPerUnit = facts.buyOutPerUnit;
        description.rules = facts.rules;
        description.metadataVersion = facts.metadataVersion;
        description.metadataFrozen = facts.metadataFrozen;
        description.metadataHash = facts.metadataHash;
    }

    /// @inheritdoc ITerraLuminaOwnership
    function blockedCountriesOf(uint256 projectId) external view returns (uint256[4] memory) {
        return _store.blockedCountries[projectId];
    }

    /// @inheritdoc ITerraLuminaOwnership
    function earnedPerUnitOf(uint256 projectId) external view returns (uint256) {
        return Exits.earnedPerUnit(_store, projectId);
    }

    /// @inheritdoc ITerraLuminaOwnership
    function payoutTokenOf(uint256 projectId) external view returns (address) {
        return _store.facts[projectId].payoutToken;
    }

    /// @inheritdoc ITerraLuminaOwnership
    function accountOf(address account) external view returns (Account memory) {
        return _store.accounts[account];
    }

    /// @inheritdoc ITerraLuminaOwnership
    function roleOf(address account) external view returns (Role) {
        return _store.roles[account];
    }

    /// @inheritdoc ITerraLuminaOwnership
    function successorOf(address account) external view returns (address) {
        return _store.successors[account];
    }

    /// @inheritdoc ITerraLuminaOwnership
    function lotOf(bytes32 investmentId) external view returns (address holder, LotState state) {
        return Enforcement.lotOf(_store, investmentId);
    }

    /// @inheritdoc ITerraLuminaOwnership
    function holdingOf(uint256 projectId, address holder) external view returns (Holding memory) {
        Position position = _store.positions[projectId][holder].word;
        return Holding({
            balance: position.isExited() ? 0 : position.balance(),
            locked: position.locked(),
            unlockDay: position.unlockDay(),
            clearedDay: position.clearedDay(),
            frozen: position.frozen(),
            claimed: position.claimed(),
            exited: position.isExited(),
            carried: _store.carried[projectId][holder]
        });
    }

    /// @inheritdoc ITerraLuminaOwnership
    function exitOf(uint256 projectId) external view returns (Exit memory) {
        return _store.exits[projectId];
    }

    /// @inheritdoc ITerraLuminaOwnership
    function totalSupply(uint256 projectId) external view override(ITerraLuminaOwnership, IERC5615) returns (uint256) {
        return _store.projects[projectId].supply();
    }

    /// @inheritdoc ITerraLuminaOwnership
    function exists(uint256 projectId) external view override(ITerraLuminaOwnership, IERC5615) returns (bool) {
        return _store.projects[projectId].state() != State.None;
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return interfaceId == type(IERC165).interfaceId || interfaceId == type(IERC1155).interfaceId
            || interfaceId == type(IERC1155MetadataURI).interfaceId
            || interfaceId == type(IERC7943MultiToken).interfaceId || interfaceId == type(IERC5615).interfaceId;
    }
}
