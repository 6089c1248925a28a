// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {CommunityDao} from "../CommunityDao.sol";
import {TerraLuminaOwnership} from "../TerraLuminaOwnership.sol";
import {TerraLuminaVault} from "../TerraLuminaVault.sol";
import {TestUsdc} from "../TestUsdc.sol";
import {ILedgerTypes} from "../ledger/ILedgerTypes.sol";
import {FickleReceiver} from "./DaoReceivers.sol";
import {LedgerActors} from "./LedgerActors.sol";
import {LedgerHandler} from "./LedgerHandler.sol";
import {MeddlingHolder} from "./MeddlingHolder.sol";
import {LogBook} from "./told/LogBook.sol";
import {vm} from "./Vm.sol";

/// @dev Everything deployed, this contract its administrator and minter; one open project, four people and a meddling
/// contract that may hold it.
abstract contract LedgerWorld is LedgerActors {
    AccessManager internal manager;

    constructor() {
        vm.recordLogs();
        book = new LogBook();
        manager = new AccessManager(address(this));
        ledger = new TerraLuminaOwnership(address(manager), address(0), NOTICE);
        vault = new TerraLuminaVault(address(manager), address(0), ledger, MIN_CLAWBACK);
        book.follow(address(ledger));
        book.follow(address(vault));
        token = new TestUsdc();
        dao = new CommunityDao(0, new address[](0), new address[](0), address(0));
        ledger.setRole(address(this), ILedgerTypes.Role.Minter);
        ledger.setRole(vm.addr(ATTESTOR_KEY), ILedgerTypes.Role.PaymentAttestor);
        ledger.setRole(REGISTRY, ILedgerTypes.Role.Registrar);
        ledger.setRole(TREASURER, ILedgerTypes.Role.Treasurer);
        ledger.setRole(SELLER, ILedgerTypes.Role.Sale);
        ledger.setRole(ELECTOR, ILedgerTypes.Role.Governor);
        ledger.setRole(address(vault), ILedgerTypes.Role.Vault);
        vault.setTokenAllowed(address(token), true);
        token.mint(TREASURER, type(uint128).max);
        vm.prank(TREASURER);
        token.approve(address(vault), type(uint256).max);
        for (uint160 i = 1; i <= 4; ++i) _admit(address(0xA11CE000 + i));
        _admit(address(new MeddlingHolder(ledger, vault, holders[0])));
        fickle = new FickleReceiver();
        everybody.push(address(fickle));
        setAccount(address(fickle), 3, type(uint40).max);
        everybody.push(address(dao));
        _createProject(PROJECT);
        _createProject(SECOND);
        for (uint256 i = 0; i < MAX_HOLDERS; ++i) mintOne(SECOND, keccak256(abi.encode("second", i)), holders[i], 500, 0);
        book.read();
    }

    /// @dev Somebody who acts at random in this contract's place.
    function newHandler() internal returns (LedgerHandler handler) {
        handler = new LedgerHandler(this);
        manager.grantRole(manager.ADMIN_ROLE(), address(handler), 0);
        ledger.setRole(address(handler), ILedgerTypes.Role.Minter);
        book.read();
    }

    function _admit(address account) internal {
        holders.push(account);
        everybody.push(account);
        setAccount(account, 3, type(uint40).max);
    }

    function _createProject(uint24 projectId) private {
        _createDraft(projectId);
        ledger.setProjectState(projectId, ILedgerTypes.State.Active, 0);
    }

    function _createDraft(uint24 projectId) internal {
        _createDraft(projectId, address(token));
    }

    function _createDraft(uint24 projectId, address payoutToken) internal {
        ledger.createProject(
            projectId,
            ILedgerTypes.ProjectTerms({
                cap: CAP,
                maxHolders: MAX_HOLDERS,
                maxHolderBps: 6_000,
                lockDays: 365,
                dailyMintCap: CAP,
                payoutToken: payoutToken,
                treasury: TREASURY,
                exitTargetPerUnit: EXIT_TARGET,
                buyOutPerUnit: BUY_OUT,
                metadataHash: bytes32(uint256(1)),
                uri: "ipfs://x"
            })
        );
    }
}
